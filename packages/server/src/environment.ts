/** Variables of the environment, each read and checked by itself. A reader throws `Mistake` with a sentence that
 *  says what was expected; it repeats the value only where the value is no secret. */

export interface Variable<T> {
  name: string;
  /** Used when the variable is unset or empty. */
  fallback: T;
  /** The fallback as a person would write it; empty when there is none. */
  shown: string;
  /** One sentence for the configuration table. */
  means: string;
  read(text: string): T;
}

export class Mistake extends Error {}

export function whole(name: string, fallback: number, [min, max]: [number, number], means: string): Variable<number> {
  return {
    name,
    fallback,
    shown: String(fallback),
    means,
    read(text) {
      const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
      if (value >= min && value <= max) return value;
      throw new Mistake(`${name} must be a whole number from ${min} to ${max}, not "${text}".`);
    },
  };
}

export function oneOf<const T extends string>(
  name: string,
  fallback: T,
  values: readonly T[],
  means: string,
): Variable<T> {
  return {
    name,
    fallback,
    shown: fallback,
    means: `${means} One of ${values.join(', ')}.`,
    read(text) {
      const value = values.find(v => v === text.toLowerCase());
      if (value !== undefined) return value;
      throw new Mistake(`${name} must be one of ${values.join(', ')}, not "${text}".`);
    },
  };
}

export function text(name: string, fallback: string, means: string, fault: (text: string) => string | undefined) {
  return { ...maybe(name, means, checked(name, fault)), fallback, shown: fallback } satisfies Variable<string>;
}

/** A variable without a fallback. */
export function maybe<T>(
  name: string,
  means: string,
  read: (text: string) => T,
): Variable<T | undefined> & { read: typeof read } {
  return { name, fallback: undefined, shown: '', means, read };
}

/** Takes the text as it is, unless `fault` finds something: "must be …". */
export const checked = (name: string, fault: (text: string) => string | undefined) => (text: string) => {
  const found = fault(text);
  if (found) throw new Mistake(`${name} ${found}`);
  return text;
};

/** `https://chat.example.org`, as browsers write it in the Origin header: lower case, no path, no default port. */
export const origin = (name: string) => (text: string) => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const bare = url && url.pathname === '/' && !url.search && !url.hash && !url.username && !url.password;
  if (bare && (url.protocol === 'https:' || url.protocol === 'http:')) return url.origin;
  throw new Mistake(`${name} must be an address like https://chat.example.org without a path, not "${text}".`);
};
