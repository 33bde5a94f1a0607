import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Refusal, type RefusalCode, refusal, refusalCodes, type refusals, refuse } from '../src/index.ts';

type Details<C extends RefusalCode> = Parameters<(typeof refusals)[C]['words']>[0];
/** Those whose words need something to name. A new one that is forgotten here does not compile. */
type Wordy = { [C in RefusalCode]: object extends Details<C> ? never : C }[RefusalCode];

const wait = { retryAfterMs: 2_300 };
const samples: { readonly [C in Wordy]: Details<C> } = {
  'frame.unknown_type': { type: 'massage.send' },
  'input.invalid': { issues: [{ path: 'memberIds.0', message: 'Invalid UUID.' }] },
  'body.too_large': { maxBytes: 65_536 },
  'upgrade.required': { seen: 'via' },
  'upgrade.invalid': { fault: 'the key is missing' },
  'host.unknown': { host: 'chat.example' },
  'auth.foreign_origin': { origin: 'https://example.org' },
  'user.full': { username: 'ben' },
  'conversation.full': { maxMembers: 5_000 },
  'conversation.too_many': { max: 10_000 },
  'invite.expired': { expiredAt: '2026-11-24' },
  'block.too_many': { max: 1_000 },
  'reaction.too_many': { max: 20 },
  'pin.too_many': { max: 100 },
  'poll.options': { min: 2, max: 10, maxChars: 100 },
  'message.too_long': { chars: 9_000, maxChars: 8_000 },
  'media.too_large': { bytes: 900, maxBytes: 700 },
  'media.quota': { bytes: 90, usedBytes: 450, quotaBytes: 500 },
  'media.not_what_it_says': { mediaType: 'image/png' },
  'media.too_many_pixels': { megapixels: 50 },
  'media.range': { bytes: 700 },
  'media.store_away': wait,
  'upload.offset': { offset: 4_096 },
  'upload.beyond_end': { bytes: 700 },
  'upload.too_many': { max: 100 },
  'upload.too_many_parts': { max: 10_000 },
  'scheduled.too_many': { max: 200 },
  'time.too_far': { days: 366 },
  'push.refused': { reason: 'This address is not on the public internet.' },
  'mail.too_often': wait,
  'mail.failed': { reason: 'Mailbox unavailable.' },
  'search.too_long': { maxChars: 500, maxTerms: 20 },
  'search.filter_unknown': { filter: 'has', value: 'banana' },
  'server.fault': { faultId: '0192' },
  'auth.too_many': wait,
  'auth.busy': wait,
  'rate.exceeded': wait,
  storage_unavailable: wait,
  overloaded: wait,
  'server.draining': wait,
};

const isWordy = (code: RefusalCode): code is Wordy => code in samples;
const wordy = <C extends Wordy>(code: C): Refusal => refusal<Wordy>(code, samples[code]);
const plain = (code: Exclude<RefusalCode, Wordy>): Refusal => refusal<Exclude<RefusalCode, Wordy>>(code, {});
const said = (code: RefusalCode): Refusal => (isWordy(code) ? wordy(code) : plain(code));

test('promise 6: every refusal says in whole sentences what is wrong, and has a status of HTTP', () => {
  for (const code of refusalCodes) {
    const { message, status } = said(code);
    assert.match(message, /^[A-Z].*[.)]$/s, code);
    assert.doesNotMatch(message, /undefined|NaN|\[object/, code);
    assert.ok(status >= 400 && status < 600, `${code}: ${status}`);
  }
});

test('what a refusal names is in its words', () => {
  for (const code of Object.keys(samples).filter((key): key is Wordy => key in samples)) {
    const { message, retryAfterMs } = wordy(code);
    if (retryAfterMs !== undefined) assert.match(message, / 3 s[.,]/, `${code}: waits are rounded up`);
    else
      assert.ok(
        Object.values(samples[code]).some(value => message.includes(textOf(value))),
        `${code}: ${message}`,
      );
  }
});

const textOf = (value: unknown): string => (Array.isArray(value) ? textOf(value[0].message) : String(value));

test('refuse throws the refusal itself', () => {
  assert.throws(
    () => refuse('message.too_long', { chars: 9, maxChars: 8 }),
    (error: unknown) => error instanceof Refusal && error.code === 'message.too_long' && error.status === 422,
  );
});
