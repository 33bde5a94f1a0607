import type { SearchFilter } from './search-query.ts';

/**
 * Every "no" that a client can hear: its HTTP status and its words. Doors, SDK, docs and tests read this list.
 * What is not yours is answered as if it did not exist.
 */
const no = <D extends object = object>(status: number, words: (details: D) => string) => ({ status, words });

type Wait = { retryAfterMs: number };
const seconds = ({ retryAfterMs }: Wait) => Math.max(1, Math.ceil(retryAfterMs / 1_000));
/** As people read it: 1 MB is a million bytes. */
const sizeOf = (bytes: number): string =>
  bytes < 1_000
    ? `${bytes} B`
    : bytes < 1_000_000
      ? `${Math.ceil(bytes / 1_000)} kB`
      : bytes < 1_000_000_000
        ? `${Math.ceil(bytes / 100_000) / 10} MB`
        : `${Math.ceil(bytes / 100_000_000) / 10} GB`;
/** One wrong field: where it stands, and what is wrong with it. */
export type InputIssue = { path: string; message: string };

/** What a filter of the search takes, said where it was given something else. */
const aDay = 'It takes a day, a month or a year like 2026-11-25, 2026-11 or 2026, or today or yesterday.';
const filterTakes: { readonly [F in SearchFilter]: string } = {
  in: 'You are in no conversation of that name.',
  from: 'There is nobody of that name.',
  mentions: 'There is nobody of that name.',
  has: 'It takes link, file, image or code.',
  is: 'It takes pinned or thread.',
  before: aDay,
  after: aDay,
  during: aDay,
};

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

  'host.unknown': no<{ host: string }>(
    421,
    d => `This server does not go by the name ${d.host}. Set PUBLIC_URL to the address that people type.`,
  ),
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
  'auth.wrong_password': no(403, () => 'This is not your present password.'),

  'account.registration_closed': no(403, () => 'Registration is closed here. Ask somebody inside for an invite link.'),
  'account.taken': no(409, () => 'This username is taken.'),
  'user.unknown': no(404, () => 'There is no such user.'),
  'user.full': no<{ username: string }>(
    422,
    d =>
      `Others can add ${d.username} to no more conversations: there are too many. Ask them to leave some, or to come by an invite link.`,
  ),
  'session.unknown': no(404, () => 'There is no such session.'),

  'conversation.unknown': no(404, () => 'There is no such conversation, or you are not in it.'),
  'conversation.with_self': no(422, () => 'A direct conversation needs somebody else.'),
  'conversation.is_direct': no(409, () => 'A direct conversation always has the same two members.'),
  'conversation.is_thread': no(
    409,
    () => 'A thread has the members of its conversation; follow it, or stop following.',
  ),
  'conversation.full': no<{ maxMembers: number }>(422, d => `A group has at most ${d.maxMembers} members.`),
  'conversation.too_many': no<{ max: number }>(
    422,
    d => `One can be in ${d.max} conversations, with the threads one follows. Leave or unfollow some first.`,
  ),
  'conversation.name_taken': no(409, () => 'There is a public channel of this name already.'),
  'conversation.not_channel': no(409, () => 'Only channels are public or private.'),
  'conversation.archived': no(409, () => 'This conversation is archived: it can be read, and nothing is added to it.'),
  'conversation.restricted': no(403, () => 'Only owners, admins and moderators write in this conversation.'),
  'conversation.last_owner': no(409, () => 'The last owner cannot go. Make somebody else owner first.'),
  'member.not_allowed': no(403, () => 'Your role in this conversation does not allow that.'),
  'member.removed': no(
    403,
    () => 'You were removed from this channel. Ask somebody who is there to add you, or for a new invite.',
  ),
  'member.unknown': no(404, () => 'This person is not in the conversation.'),
  'guest.not_allowed': no(403, () => 'Guests see the conversations they were invited to, and cannot do that.'),

  'invite.unknown': no(404, () => 'There is no such invite.'),
  'invite.expired': no<{ expiredAt: string }>(
    410,
    d => `This invite expired on ${d.expiredAt.slice(0, 10)}. Ask for a new one.`,
  ),
  'invite.used_up': no(410, () => 'This invite has been used up. Ask for a new one.'),
  'invite.withdrawn': no(410, () => 'This invite was withdrawn.'),
  'invite.removed': no(
    403,
    () =>
      'You were removed there since this invite was made. Ask somebody who is there to add you, or for a new invite.',
  ),

  'report.unknown': no(404, () => 'There is no such report.'),
  'report.own': no(422, () => 'This is your own message: delete it instead.'),
  'block.self': no(422, () => 'You cannot block yourself.'),
  'block.too_many': no<{ max: number }>(422, d => `You can block at most ${d.max} people.`),

  'message.unknown': no(404, () => 'There is no such message.'),
  'message.empty': no(422, () => 'A message needs some text.'),
  'message.too_long': no<{ chars: number; maxChars: number }>(
    422,
    d => `A message has at most ${d.maxChars} characters; this one has ${d.chars}.`,
  ),
  'message.reply_unknown': no(422, () => 'The message that this one answers is not there any more.'),
  'message.forwarded': no(409, () => 'A forwarded message stays as it was written.'),
  'message.in_thread': no(409, () => 'This line belongs to a thread. Change the reply there.'),
  'message.no_thread': no(422, () => 'A thread hangs on a message of a conversation, not on one of another thread.'),
  'message.unstorable': no(422, () => 'The text holds characters that cannot be stored (NUL or half a character).'),
  'message.not_yours': no(403, () => 'Only its sender can change a message.'),
  'message.deleted': no(409, () => 'This message was deleted.'),

  'reaction.too_many': no<{ max: number }>(422, d => `A message has at most ${d.max} different reactions.`),
  'pin.too_many': no<{ max: number }>(
    422,
    d => `A conversation has at most ${d.max} pinned messages. Unpin one first.`,
  ),
  'poll.options': no<{ min: number; max: number; maxChars: number }>(
    422,
    d => `A poll has ${d.min} to ${d.max} different answers of up to ${d.maxChars} characters.`,
  ),
  'poll.in_thread_only': no(
    422,
    () => 'A poll is voted on in one place: in a thread it cannot be sent to the conversation too.',
  ),
  'poll.forwarded': no(422, () => 'A forwarded message stays as it was written, and is no poll.'),
  'poll.none': no(409, () => 'This message is no poll.'),
  'poll.closed': no(409, () => 'This poll is closed.'),
  'poll.vote': no(422, () => 'This is not one of the answers, or more than this poll lets one choose.'),

  'media.unknown': no(404, () => 'There is no such file, or it is not for you.'),
  'media.no_thumbnail': no(404, () => 'There is no small picture of this file.'),
  'media.not_a_picture': no(422, () => 'This file is no picture: a face, or what stands for a group, has to be one.'),
  'media.empty': no(422, () => 'This file is empty.'),
  'media.too_large': no<{ bytes: number; maxBytes: number }>(
    413,
    d => `Files can have up to ${sizeOf(d.maxBytes)}; this one has ${sizeOf(d.bytes)}.`,
  ),
  'media.quota': no<{ bytes: number; usedBytes: number; quotaBytes: number }>(
    422,
    d =>
      `Your files may have ${sizeOf(d.quotaBytes)} together; ${sizeOf(d.usedBytes)} are taken, this one has ${sizeOf(d.bytes)}.`,
  ),
  'media.not_what_it_says': no<{ mediaType: string }>(
    422,
    d => `This file calls itself ${d.mediaType}, but its bytes are something else. Nothing of it was kept.`,
  ),
  'media.too_many_pixels': no<{ megapixels: number }>(
    422,
    d => `Pictures can have up to ${d.megapixels} million pixels; this one has more. Nothing of it was kept.`,
  ),
  'media.broken': no(
    422,
    () => 'This file is damaged, or takes more time or memory to look at than there is. Nothing of it was kept.',
  ),
  'media.no_room': no(507, () => 'This server has no room for more files. Nothing of it was kept.'),
  'media.store_away': no<Wait>(
    503,
    d => `The store of files does not answer. Nothing is lost: try again in ${seconds(d)} s.`,
  ),
  'media.range': no<{ bytes: number }>(416, d => `The file ends before that: it has ${d.bytes} bytes.`),
  'upload.unknown': no(404, () => 'There is no such upload.'),
  'upload.offset': no<{ offset: number }>(409, d => `The upload goes on at byte ${d.offset}.`),
  'upload.beyond_end': no<{ bytes: number }>(413, d => `The upload was announced with ${d.bytes} bytes; this is more.`),
  'upload.not_bytes': no(415, () => 'Send a part of an upload as application/offset+octet-stream.'),
  'upload.too_many': no<{ max: number }>(
    422,
    d => `At most ${d.max} uploads can be unfinished at once. End one first.`,
  ),
  'upload.too_many_parts': no<{ max: number }>(422, d => `An upload has at most ${d.max} parts: send larger ones.`),
  'upload.version': no(412, () => 'This address speaks tus 1.0.0: send "Tus-Resumable: 1.0.0".'),

  'scheduled.unknown': no(404, () => 'There is no such message for later: it was sent or withdrawn.'),
  'scheduled.too_many': no<{ max: number }>(422, d => `At most ${d.max} messages may wait for their time.`),
  'time.past': no(422, () => 'This time is in the past. Choose a later one.'),
  'time.too_far': no<{ days: number }>(422, d => `This is too far away. Choose a time within ${d.days} days.`),

  'push.refused': no<{ reason: string }>(422, d => `The push service of this browser cannot be asked: ${d.reason}`),
  'push.unknown': no(404, () => 'There is no such device.'),
  'mail.unavailable': no(409, () => 'This server sends no mail.'),
  'mail.too_often': no<Wait>(429, d => `A code was sent just now. Another one can be sent in ${seconds(d)} s.`),
  'mail.failed': no<{ reason: string }>(422, d => `The mail server did not take the message: ${d.reason}`),
  'mail.wrong_code': no(422, () => 'This is not the code that was sent, or it is too old. Ask for another one.'),
  'server.not_owner': no(403, () => 'Only the owner of this server may see that.'),

  'search.too_wide': no(422, () => 'This would find everything. Add a word or two, or a filter like from: or has:.'),
  'search.too_long': no<{ maxChars: number; maxTerms: number }>(
    422,
    d => `A search has at most ${d.maxChars} characters and ${d.maxTerms} words and filters.`,
  ),
  'search.filter_unknown': no<{ filter: SearchFilter; value: string }>(
    422,
    d => `Nothing is found by ${d.filter}:${d.value}. ${filterTakes[d.filter]}`,
  ),

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
  'media.store_away',
] satisfies RefusalCode[]);
