/** What a text says once its marks are read. Plain data: whoever shows it makes elements of it, never HTML. */
export type Inline =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: Style; readonly of: readonly Inline[] }
  /** `href`: http, https or mailto, as `URL` writes it. `named`: it is shown under other words than its address. */
  | { readonly kind: 'link'; readonly href: string; readonly named: boolean; readonly of: readonly Inline[] }
  /** `@name` or `#name`; whether there is such a one, whoever shows it knows. */
  | { readonly kind: 'mention'; readonly name: string }
  | { readonly kind: 'channel'; readonly name: string };

export type Style = 'bold' | 'italic' | 'strike' | 'spoiler';

export type Block =
  | { readonly kind: 'paragraph'; readonly of: readonly Inline[] }
  | { readonly kind: 'code'; readonly language: string; readonly text: string }
  | { readonly kind: 'quote'; readonly of: readonly Block[] }
  | { readonly kind: 'list'; readonly items: readonly Item[] }
  | { readonly kind: 'table'; readonly head: Row; readonly align: readonly Align[]; readonly rows: readonly Row[] };

/** `number` as it was written; missing: a dot. */
export interface Item {
  readonly number?: number;
  readonly of: readonly Block[];
}
export type Row = readonly (readonly Inline[])[];
export type Align = 'start' | 'center' | 'end';
