/** The wire's number; goes up when a client of the former one could misunderstand this one. */
export const protocolVersion = 1;
/** Carpenter's own version. */
export const version = '0.1.0';
