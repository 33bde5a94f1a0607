import { defaultLimits, type Limits, textFault } from '@carpenter/protocol';
import { ownRefusal } from './error.ts';

/** Room in a frame beside the text: ids, names of fields, the sender's time. */
const frameRestBytes = 512;

/** Says before sending what the server would refuse. @throws {ClientError} */
export function checkText(text: string, { textMaxChars, frameMaxBytes }: Limits = defaultLimits): void {
  const fault = textFault(text, textMaxChars);
  if (fault === 'empty') throw ownRefusal('message.empty', {});
  if (fault === 'unstorable') throw ownRefusal('message.unstorable', {});
  if (fault) throw ownRefusal('message.too_long', { chars: fault.chars, maxChars: textMaxChars });
  const bytes = new TextEncoder().encode(JSON.stringify(text)).length + frameRestBytes;
  if (bytes > frameMaxBytes) throw ownRefusal('body.too_large', { maxBytes: frameMaxBytes });
}
