/** Puts a text where others stand, as if it had been typed: the browser's own Undo takes it back. */
export function typeInto(field: HTMLTextAreaElement, from: number, to: number, text: string): void {
  field.focus();
  field.setSelectionRange(from, to);
  if (document.execCommand('insertText', false, text)) return;
  field.setRangeText(text, from, to, 'end');
  field.dispatchEvent(new Event('input', { bubbles: true }));
}

const marks: Readonly<Record<string, string>> = { b: '**', i: '_', e: '`' };

/** The mark that a key puts around what is selected: Ctrl B, I, E, and Ctrl Shift X. */
export function markOf(event: { ctrlKey: boolean; metaKey: boolean; shiftKey: boolean; altKey: boolean; key: string }) {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return undefined;
  const key = event.key.toLowerCase();
  return event.shiftKey ? (key === 'x' ? '~~' : undefined) : marks[key];
}

/** Puts a mark around what is selected, or takes it away where it stands there already. */
export function toggleMark(field: HTMLTextAreaElement, mark: string): void {
  const { selectionStart: from, selectionEnd: to, value } = field;
  const inner = value.slice(from, to);
  const length = mark.length;
  if (value.slice(from - length, from) === mark && value.slice(to, to + length) === mark) {
    typeInto(field, from - length, to + length, inner);
    field.setSelectionRange(from - length, to - length);
  } else {
    typeInto(field, from, to, mark + inner + mark);
    field.setSelectionRange(from + length, to + length);
  }
}
