import type { RootContent } from 'hast';
import { common, createLowlight } from 'lowlight';

/** Loaded with the first code that names its language. */
const lowlight = createLowlight(common);

/** The code in coloured pieces; undefined where the language is not known. */
export const highlight = (language: string, code: string): readonly RootContent[] | undefined =>
  lowlight.registered(language.toLowerCase()) ? lowlight.highlight(language.toLowerCase(), code).children : undefined;
