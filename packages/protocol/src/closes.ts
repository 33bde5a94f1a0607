/**
 * Every way in which this server ends a WebSocket. `action` says what the client should do:
 * `stay`: nothing · `fix`: the sender is wrong · `reconnect`: at once or after the wait named · `login`: refresh or log in · `stop`.
 */
export const closes = {
  normal: { code: 1000, words: 'Closed as asked.', action: 'stay' },
  goingAway: { code: 1001, words: 'The other side went away.', action: 'reconnect' },
  brokenFraming: { code: 1002, words: 'The WebSocket framing was broken (RFC 6455).', action: 'fix' },
  binaryFrame: { code: 1003, words: 'Binary frames are not spoken here; send JSON as text.', action: 'fix' },
  invalidUtf8: { code: 1007, words: 'A text frame was not valid UTF-8.', action: 'fix' },
  tooManyFragments: {
    code: 1008,
    words: 'A message came in more fragments than this server puts together.',
    action: 'fix',
  },
  tooLong: { code: 1009, words: 'A message was longer than the limit of this server.', action: 'fix' },
  fault: { code: 1011, words: 'Something went wrong on the server.', action: 'reconnect' },
  restarting: { code: 1012, words: 'This server restarts.', action: 'reconnect' },
  overloaded: { code: 1013, words: 'The server is busy.', action: 'reconnect' },
  malformed: { code: 4400, words: 'More than 10 malformed or unknown frames in a minute.', action: 'fix' },
  unauthenticated: { code: 4401, words: 'Not logged in, or the token is no longer valid.', action: 'login' },
  forbidden: {
    code: 4403,
    words: 'The username is not the one of the token, or the account is suspended.',
    action: 'stop',
  },
  noHeartbeat: { code: 4408, words: 'Two pings stayed without an answer.', action: 'reconnect' },
  sessionEnded: { code: 4409, words: 'This session was ended from elsewhere.', action: 'stop' },
  tooSlow: { code: 4410, words: 'Too much was waiting for this connection.', action: 'reconnect' },
  tooFast: { code: 4429, words: 'Too many frames.', action: 'reconnect' },
} as const satisfies Record<
  string,
  { code: number; words: string; action: 'stay' | 'fix' | 'reconnect' | 'login' | 'stop' }
>;

export type CloseName = keyof typeof closes;
export type Close = (typeof closes)[CloseName];

const byCode = new Map<number, Close>(Object.values(closes).map(close => [close.code, close]));
export const closeByCode = (code: number): Close | undefined => byCode.get(code);

/** Fits a close reason into the 123 bytes that the frame has room for, the wait (read by clients) first of all kept. */
export function closeReason(words: string, retryAfterMs?: number): string {
  const wait = retryAfterMs === undefined ? '' : ` retry-after-ms=${Math.round(retryAfterMs)}`;
  const characters = [...words.toWellFormed()].slice(0, 123); // cut between characters, never inside one
  while (new TextEncoder().encode(characters.join('') + wait).length > 123) characters.pop();
  return characters.join('') + wait;
}

/** Reads `retry-after-ms=N` out of a close reason. */
export function retryAfterOf(reason: string): number | undefined {
  const found = /retry-after-ms=(\d{1,9})/.exec(reason);
  return found ? Number(found[1]) : undefined;
}
