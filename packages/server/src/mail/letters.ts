import type { Missed } from '../store/mail.ts';

/** What is written in letters: plain, and nothing that had to be loaded from anywhere. */
export const letters = {
  code: (host: string, code: string) => ({
    subject: `${code} is your code for ${host}`,
    text: `Somebody, you most likely, wants to hear at this address of messages missed on ${host}.

The code is ${code}. It is good for an hour.

If that was not you, do nothing: no other letter comes.
`,
  }),
  missed: (host: string, url: string | undefined, name: string, missed: readonly Missed[], more: boolean) => ({
    subject: missed.length === 1 ? `${missed[0]?.sender} wrote to you on ${host}` : `What you missed on ${host}`,
    text: `Hello ${name},

${missed.length === 1 ? 'This message waits for you' : `These ${missed.length} messages wait for you`}${more ? ', and there are more' : ''}:

${missed.map(one => entry(one, url)).join('\n\n')}

--
You get this because you asked for it. Your settings end it${url === undefined ? '' : `: ${url}/settings`}.
`,
  }),
};

function entry({ name, sender, text, at, conversationId, seq }: Missed, url: string | undefined): string {
  const where = name === null ? '' : ` in ${name}`;
  const link = url === undefined ? '' : `\n  ${url}/c/${conversationId}/m/${seq}`;
  return `${sender}${where}, ${at.slice(0, 16).replace('T', ' ')} UTC:\n${quoted(text)}${link}`;
}

const quotedChars = 500;
function quoted(text: string): string {
  const characters = [...text];
  const short = characters.length > quotedChars ? `${characters.slice(0, quotedChars).join('')}…` : text;
  return short.replace(/^/gm, '  > ');
}
