/** Class names, those that apply. */
export const cx = (...names: (string | false | undefined)[]): string => names.filter(name => name).join(' ');
