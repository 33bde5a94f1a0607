declare global {
  /** Not known to TypeScript, nor to every browser. What it makes stands for the text that it was made of. */
  var trustedTypes:
    | {
        createPolicy(
          name: string,
          rules: { createScriptURL(url: string): string },
        ): { createScriptURL(url: string): string };
      }
    | undefined;
}

const address = '/sw.js';
/** The page's policy lets no text become a program but by `carpenter`, and that one makes this address only, whatever it is given. */
export const workerAddress: string =
  globalThis.trustedTypes?.createPolicy('carpenter', { createScriptURL: () => address }).createScriptURL(address) ??
  address;
