import { createTransport } from 'nodemailer';

export interface Letter {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** Sends letters through the mail server of the configuration. */
export interface Post {
  /** @throws NotSent */
  send(letter: Letter): Promise<void>;
  close(): void;
}

/** In words of the mail server. */
export class NotSent extends Error {
  /** It will not take this one later either. */
  readonly forGood: boolean;
  constructor(words: string, forGood: boolean, cause?: unknown) {
    super(words, { cause });
    this.name = 'NotSent';
    this.forGood = forGood;
  }
}

export interface MailConfig {
  /** `smtp://` or `smtps://`, with user and password where the server wants them. */
  readonly url: string;
  /** `Carpenter <chat@example.org>`. */
  readonly from: string;
}

/** In the names of the library, which takes them in the address. */
const patience = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 20_000 };

export function openPost({ url, from }: MailConfig): Post {
  const server = new URL(url);
  for (const [name, ms] of Object.entries(patience)) server.searchParams.set(name, String(ms));
  const transport = createTransport(server.href, { from, disableFileAccess: true, disableUrlAccess: true });
  return {
    async send({ to, subject, text }) {
      try {
        await transport.sendMail({
          to: { name: '', address: to },
          subject,
          text,
          headers: { 'Auto-Submitted': 'auto-generated' }, // no answer by a machine, please
        });
      } catch (error) {
        throw inWords(error);
      }
    },
    close: () => transport.close(),
  };
}

function inWords(error: unknown): NotSent {
  const code = error instanceof Error && 'responseCode' in error ? Number(error.responseCode) : 0;
  const said = error instanceof Error && 'response' in error ? String(error.response) : '';
  if (said) return new NotSent(sentence(`The mail server says: ${said}`), code >= 500 && code < 600, error);
  const cause = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
  return new NotSent(`The mail server cannot be reached (${cause}).`, false, error);
}

/** What servers say has codes, names and any length; here it is one line with an end. */
function sentence(words: string): string {
  const line = words
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, 300);
  return /[.)!?]$/.test(line) ? line : `${line}.`;
}
