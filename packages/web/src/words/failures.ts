import { ClientError } from '@carpenter/client';
import { words } from './words.ts';

interface Failure {
  readonly code: string;
  readonly words?: string;
  readonly message?: string;
  readonly retryAfterMs?: number | undefined;
  readonly details?: Readonly<Record<string, unknown>>;
}

const seconds = (ms: number | undefined) => Math.max(1, Math.ceil((ms ?? 1_000) / 1_000));
const number = (value: unknown) => (typeof value === 'number' ? value : undefined);

/** Why something was refused, as the end of a sentence like "Not sent: …". */
export function reason(failure: Failure): string {
  const { fail } = words;
  switch (failure.code) {
    case 'message.too_long':
    case 'tooLong': {
      const chars = number(failure.details?.chars);
      const maxChars = number(failure.details?.maxChars);
      return chars !== undefined && maxChars !== undefined ? fail.tooLong(chars - maxChars) : fail.tooLongSimply;
    }
    case 'conversation.unknown':
      return fail.notMember;
    case 'message.unstorable':
      return fail.unstorable;
    case 'message.empty':
      return fail.empty;
    case 'message.deleted':
    case 'message.unknown':
      return fail.deleted;
    case 'rate.exceeded':
      return fail.tooFast(seconds(failure.retryAfterMs));
    case 'server.fault':
    case 'storage_unavailable':
    case 'overloaded':
      return fail.server;
    case 'network.unreachable':
      return fail.unreachable;
    case 'network.foreign':
      return fail.foreign;
    default: {
      const said = failure.words ?? failure.message ?? fail.server;
      return fail.other(said.charAt(0).toLowerCase() + said.slice(1));
    }
  }
}

export interface AuthFault {
  readonly field: 'username' | 'displayName' | 'password' | 'current' | undefined;
  readonly text: string;
}

/** What a refused login or registration says, and under which field. */
export function authFault(error: unknown): AuthFault {
  if (!(error instanceof ClientError)) throw error;
  const { auth } = words;
  switch (error.code) {
    case 'auth.wrong':
      return { field: 'password', text: auth.wrong };
    case 'account.taken':
      return { field: 'username', text: auth.taken };
    case 'auth.too_many':
    case 'rate.exceeded':
      return { field: undefined, text: auth.tooMany(seconds(error.retryAfterMs)) };
    case 'auth.busy':
    case 'overloaded':
      return { field: undefined, text: auth.busy(seconds(error.retryAfterMs)) };
    case 'auth.suspended':
      return { field: undefined, text: auth.suspended };
    case 'account.registration_closed':
      return { field: undefined, text: words.invite.closed };
    case 'auth.wrong_password':
      return { field: 'current', text: words.password.wrong };
    case 'network.unreachable':
      return { field: undefined, text: auth.unreachable };
    case 'network.foreign':
      return { field: undefined, text: auth.foreign };
    default:
      return { field: undefined, text: error.message };
  }
}

/** What happened, for any call that can be refused. Other errors are ours and go on upwards. */
export function said(error: unknown): string {
  if (!(error instanceof ClientError)) throw error;
  return reason(error);
}

/** The same as a sentence of its own. */
export function sentence(error: unknown): string {
  const words = said(error);
  return words.charAt(0).toLocaleUpperCase() + words.slice(1);
}
