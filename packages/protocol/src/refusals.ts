/**
 * Every "no" that a client can hear: its HTTP status and its words. Doors, SDK, docs and tests read this list.
 * What is not yours is answered as if it did not exist.
 */
const no = <D extends object = object>(status: number, words: (details: D) => string) => ({ status, words });

type Wait = { retryAfterMs: number };
const seconds = ({ retryAfterMs }: Wait) => Math.max(1, Math.ceil(retryAfterMs / 1_000));
/** One wrong field: where it stands, and what is wrong with it. */
export type InputIssue = { path: string; message: string };

export const refusals = {
  'frame.malformed': no(400, () => 'A frame is one JSON object with a "type".'),
  'frame.unknown_type': no<{ type: string }>(400, d => `There is no command "${d.type}".`),
  'input.invalid': no<{ issues: InputIssue[] }>(
    400,
    d => `This input is not valid: ${d.issues.map(i => (i.path ? `${i.path}: ${i.message}` : i.message)).join(' ')}`,
  ),
  'cursor.conflict': no(400, () => 'Give only one of before, after and around.'),
  'cursor.invalid': no(400, () => 'This cursor is not one of ours. Start again without a cursor.'),
  'body.too_large': no<{ maxBytes: number }>(413, d => `The body may have at most ${d.maxBytes} bytes.`),
  'body.not_json': no(415, () => 'Send the body as application/json.'),
  'request.broken': no(400, () => 'This is not HTTP/1.1 as we know it; nothing of it was read.'),
  'request.too_slow': no(408, () => 'The request took too long to arrive.'),
  'request.head_too_large': no(431, () => 'The headers of this request are too large or too many.'),
  'route.unknown': no(404, () => 'There is no such address here. /api/docs lists them all.'),
  'route.wrong_method': no(405, () => 'This address does not answer to this method.'),
  'upgrade.required': no<{ seen: string }>(
    426,
    d => `This address speaks WebSocket, but the request did not ask for it. Headers that arrived: ${d.seen}.`,
  ),
  'upgrade.invalid': no<{ fault: string }>(400, d => `This is no WebSocket handshake: ${d.fault}.`),

  'auth.required': no(401, () => 'Log in first: this needs an access token.'),
  'auth.expired': no(401, () => 'The access token is no longer valid. Refresh it, or log in again.'),
  'auth.in_url': no(400, () => 'A token never belongs into an address: proxies write addresses down. Use a header.'),
  'auth.wrong': no(401, () => 'Username and password do not match.'),
  'auth.too_many': no<Wait>(429, d => `Too many tries. Wait ${seconds(d)} s, then try again.`),
  'auth.busy': no<Wait>(503, d => `Many people are signing in. Try again in ${seconds(d)} s.`),
  'auth.refresh_invalid': no(401, () => 'This device is no longer signed in. Log in again.'),
  'auth.refresh_reused': no(401, () => 'This refresh token was used before, so the session was ended. Log in again.'),
  'auth.foreign_origin': no<{ origin: string }>(
    403,
    d => `Pages from ${d.origin} may not connect here. Its address must be added to ALLOWED_ORIGINS.`,
  ),
  'auth.suspended': no(403, () => 'This account is suspended.'),

  'account.taken': no(409, () => 'This username is taken.'),
  'user.unknown': no(404, () => 'There is no such user.'),
  'session.unknown': no(404, () => 'There is no such session.'),

  'conversation.unknown': no(404, () => 'There is no such conversation, or you are not in it.'),
  'conversation.with_self': no(422, () => 'A direct conversation needs somebody else.'),
  'conversation.is_direct': no(409, () => 'A direct conversation always has the same two members.'),
  'conversation.full': no<{ maxMembers: number }>(422, d => `A group has at most ${d.maxMembers} members.`),
  'conversation.last_owner': no(409, () => 'The last owner cannot go. Make somebody else owner first.'),
  'member.not_allowed': no(403, () => 'Your role in this conversation does not allow that.'),
  'member.unknown': no(404, () => 'This person is not in the conversation.'),

  'message.unknown': no(404, () => 'There is no such message.'),
  'message.empty': no(422, () => 'A message needs some text.'),
  'message.too_long': no<{ chars: number; maxChars: number }>(
    422,
    d => `A message has at most ${d.maxChars} characters; this one has ${d.chars}.`,
  ),
  'message.unstorable': no(422, () => 'The text holds characters that cannot be stored (NUL or half a character).'),
  'message.not_yours': no(403, () => 'Only its sender can change a message.'),
  'message.deleted': no(409, () => 'This message was deleted.'),

  'rate.exceeded': no<Wait>(429, d => `Too fast. Go on in ${seconds(d)} s.`),
  storage_unavailable: no<Wait>(
    503,
    d => `The database does not answer. Nothing is lost: try again in ${seconds(d)} s.`,
  ),
  overloaded: no<Wait>(503, d => `The server is busy. Try again in ${seconds(d)} s.`),
  'server.draining': no<Wait>(503, d => `The server is restarting. Try again in ${seconds(d)} s.`),
  'server.fault': no<{ faultId: string }>(
    500,
    d => `Something went wrong on the server. It is logged as ${d.faultId}.`,
  ),
} as const;

export type RefusalCode = keyof typeof refusals;
export const refusalCodes = Object.keys(refusals).filter((code): code is RefusalCode => code in refusals);
type DetailsByCode = { [C in RefusalCode]: Parameters<(typeof refusals)[C]['words']>[0] };
// The same list, seen so that a code and its details stay together.
const byCode: { readonly [C in RefusalCode]: { status: number; words: (details: DetailsByCode[C]) => string } } =
  refusals;

/** A "no" on its way to the client. Thrown by rules, turned into `error` frames and problem+json by the doors. */
export class Refusal extends Error {
  readonly code: RefusalCode;
  readonly status: number;
  readonly details: object;
  constructor(code: RefusalCode, status: number, words: string, details: object) {
    super(words);
    this.name = 'Refusal';
    this.code = code;
    this.status = status;
    this.details = details;
  }
  get retryAfterMs(): number | undefined {
    return 'retryAfterMs' in this.details && typeof this.details.retryAfterMs === 'number'
      ? this.details.retryAfterMs
      : undefined;
  }
}

export function refusal<C extends RefusalCode>(code: C, details: DetailsByCode[C]): Refusal {
  const { status, words } = byCode[code];
  return new Refusal(code, status, words(details), details);
}

/** @throws {Refusal} always */
export function refuse<C extends RefusalCode>(code: C, details: DetailsByCode[C]): never {
  throw refusal(code, details);
}

/** Tried again later, this may well succeed: an outbox keeps the message. All other refusals are for good. */
export const worthRetrying = (code: string): boolean =>
  !(code in refusals) || code === 'auth.required' || code === 'auth.expired' || retryable.has(code);
const retryable = new Set<string>([
  'rate.exceeded',
  'storage_unavailable',
  'overloaded',
  'server.draining',
  'server.fault',
] satisfies RefusalCode[]);
