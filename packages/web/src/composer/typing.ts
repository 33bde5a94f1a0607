import { type Format, toggleOf } from './format.ts';

/** Puts a text where others stand, as if it had been typed: the browser's own Undo takes it back. */
export function typeInto(field: HTMLTextAreaElement, from: number, to: number, text: string): void {
  field.focus();
  field.setSelectionRange(from, to);
  if (text === '' ? document.execCommand('delete') : document.execCommand('insertText', false, text)) return;
  field.setRangeText(text, from, to, 'end');
  field.dispatchEvent(new Event('input', { bubbles: true }));
}

/** The format that a key stands for: Ctrl B, I, E, and Ctrl Shift X. */
export function formatOf(event: {
  ctrlKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
  altKey: boolean;
  key: string;
}): Format | undefined {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return undefined;
  const key = event.key.toLowerCase();
  if (event.shiftKey) return key === 'x' ? 'strike' : undefined;
  const formats: Readonly<Record<string, Format>> = { b: 'bold', i: 'italic', e: 'code' };
  return formats[key];
}

/** Puts a format on what is selected, or takes it off where it is; Undo takes that back. */
export function toggleFormat(field: HTMLTextAreaElement, format: Format): void {
  const { value: text, selectionStart: from, selectionEnd: to } = field;
  const { edit } = toggleOf({ text, from, to }, format);
  typeInto(field, edit.from, edit.to, edit.by);
  field.setSelectionRange(...edit.select);
}
