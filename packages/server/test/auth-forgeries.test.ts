import assert from 'node:assert/strict';
import { createHmac, generateKeyPairSync, hkdfSync, randomUUID } from 'node:crypto';
import { test } from 'node:test';
import type { LoggedIn } from '@carpenter/protocol';
import { type JWTHeaderParameters, type JWTPayload, SignJWT } from 'jose';
import { createTokens } from '../src/auth/tokens.ts';
import { ask, knocks, refused } from './ask.ts';
import { house, testConfig } from './house.ts';
import { account, type Line, openLine } from './people.ts';

const secret = testConfig('').jwtSecret;
// What an attacker who had the secret would derive: only so can each of the other checks be seen to hold by itself.
const key = Buffer.from(hkdfSync('sha256', secret, '', 'carpenter v1 access token', 32));
const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const mac = (hash: string, head: string, by: Buffer | string = key) =>
  createHmac(hash, by).update(head).digest('base64url');

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
/** Another last character for what reads as the same 32 bytes. */
const spareSet = (token: string): string => alphabet[alphabet.indexOf(token.slice(-1)) + 1] ?? '';

/** Tokens that were never given out, each wrong in one way; those that were once good; and one that is, by the same way of making it. */
async function forge(grant: LoggedIn) {
  const [header = '', payload = '', signature = ''] = grant.accessToken.split('.');
  const claims: JWTPayload = JSON.parse(Buffer.from(payload, 'base64url').toString());
  const now = Math.floor(Date.now() / 1_000);

  const sign = (changes: object = {}, head: object = {}, by: Uint8Array = key) => {
    const protectedHeader: JWTHeaderParameters = { alg: 'HS256', typ: 'at+jwt', ...head };
    return new SignJWT({ ...claims, ...changes }).setProtectedHeader(protectedHeader).sign(by);
  };
  /** As `sign`, but with heads that no library would write. */
  const raw = (head: object, changes: object = {}, hash = 'sha256', by: Buffer | string = key) => {
    const body = `${part({ typ: 'at+jwt', ...head })}.${part({ ...claims, ...changes })}`;
    return `${body}.${mac(hash, body, by)}`;
  };
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();

  const forged: Record<string, string> = {
    'no signature': `${header}.${payload}.`,
    'no signature part': `${header}.${payload}`,
    'half a signature': `${header}.${payload}.${signature.slice(0, 21)}`,
    'another signature': `${header}.${payload}.${mac('sha256', 'x')}`,
    'a payload changed': `${header}.${part({ ...claims, username: 'ben' })}.${signature}`,
    'a header changed': `${part({ alg: 'HS256', typ: 'at+jwt', x: 1 })}.${payload}.${signature}`,
    'alg none': `${part({ alg: 'none', typ: 'at+jwt' })}.${payload}.`,
    'alg None': `${part({ alg: 'None', typ: 'at+jwt' })}.${payload}.${signature}`,
    'no alg': raw({}),
    HS512: raw({ alg: 'HS512' }, {}, 'sha512'),
    HS384: raw({ alg: 'HS384' }, {}, 'sha384'),
    'alg said to be RS256': raw({ alg: 'RS256' }),
    'signed with a public key as secret': raw({ alg: 'HS256' }, {}, 'sha256', pem),
    'signed with the bare secret': raw({ alg: 'HS256' }, {}, 'sha256', secret),
    'signed with an empty key': raw({ alg: 'HS256' }, {}, 'sha256', Buffer.alloc(0)),
    'signed with another secret': raw({ alg: 'HS256' }, {}, 'sha256', Buffer.alloc(32, 7)),
    'signed with the key of refresh tokens': raw(
      { alg: 'HS256' },
      {},
      'sha256',
      Buffer.from(hkdfSync('sha256', secret, '', 'carpenter v1 refresh token', 32)),
    ),
    'a key of its own': raw(
      { alg: 'HS256', jwk: { kty: 'oct', k: 'AAAA' } },
      {},
      'sha256',
      Buffer.from('AAAA', 'base64'),
    ),
    'a key from elsewhere': raw({ alg: 'HS256', jku: 'http://127.0.0.1:1/keys' }, {}, 'sha256', 'x'),
    'a key by path': raw({ alg: 'HS256', kid: '../../../dev/null' }, {}, 'sha256', ''),
    'an unknown crit': raw({ alg: 'HS256', crit: ['carpenter'], carpenter: 1 }),
    'payload not encoded (b64)': raw({ alg: 'HS256', crit: ['b64'], b64: false }),
    'typ JWT': await sign({}, { typ: 'JWT' }),
    'no typ': raw({ alg: 'HS256', typ: undefined }),
    'wrong issuer': await sign({ iss: 'somebody' }),
    'wrong audience': await sign({ aud: 'other-api' }),
    'no session': await sign({ sid: undefined }),
    'a user that is no id': await sign({ sub: 'ana' }),
    'no end': await sign({ exp: undefined }),
    'not valid yet': await sign({ nbf: now + 60 }),
    'a refresh token': String(grant.refreshToken),
    'its last bits, which stand for nothing, set': grant.accessToken.slice(0, -1) + spareSet(grant.accessToken),
  };
  const old: Record<string, string> = {
    'expired beyond the tolerance of five seconds': await sign({ iat: now - 900, exp: now - 6 }),
    'a session that never was': await sign({ sid: randomUUID() }),
  };
  return { forged, old, good: await sign(), late: await sign({ iat: now - 900, exp: now - 1 }) };
}

test('promise 5: none of 32 forged access tokens opens the door, and none tells more than the others', async t => {
  const { url } = await house(t);
  const { grant } = await account(url, 'ana');
  const { forged, old, good, late } = await forge(grant);
  assert.equal(await knocks(url, good), 200); // what follows fails for what it says, not for the way it is made
  assert.equal(Object.keys(forged).length, 32);
  for (const [name, token] of Object.entries(forged)) {
    const answer = await ask(url, '/api/v1/users/me', { token });
    assert.equal(answer.status, 401, `${name}: ${answer.text}`);
    refused(answer, 'auth.required');
    assert.equal(answer.headers.get('www-authenticate'), 'Bearer');
  }
  for (const [name, token] of Object.entries(old)) {
    assert.equal((await ask(url, '/api/v1/users/me', { token })).json().code, 'auth.expired', name);
  }
  assert.equal(await knocks(url, late), 200);
});

test('promise 5: none of them opens a connection, by header, by subprotocol or by its first frame, nor renews one', async t => {
  const { url } = await house(t);
  const ana = await account(url, 'ana');
  const { forged, old, good } = await forge(ana.grant);
  const open: Record<string, (token: string) => Line> = {
    header: token => openLine(url, '', { headers: { authorization: `Bearer ${token}` } }),
    subprotocol: token => openLine(url, '', {}, ['carpenter.v1', `bearer.${token}`]),
    frame(token) {
      const line = openLine(url);
      line.ws.once('open', () => line.say({ type: 'auth', token }));
      return line;
    },
  };
  for (const [how, by] of Object.entries(open)) {
    const line = by(good);
    await line.next('ready');
    line.close();
    for (const [name, token] of Object.entries({ ...forged, ...old })) {
      const line = by(token);
      assert.equal((await line.closed()).code, 4401, `${name}, by ${how}`);
      assert.deepEqual(
        line.heard.map(event => event.type),
        ['closing'],
        `${name}, by ${how}`,
      );
    }
  }
  const live = await ana.connect(t);
  for (const [name, token] of Object.entries({ ...forged, ...old })) {
    assert.equal((await live.ask({ type: 'auth', token })).type, 'error', name);
  }
  assert.equal((await live.ask({ type: 'auth', token: good })).type, 'auth.renewed');
});

test('headers that hold no bearer token are answered like none at all', async t => {
  const { url } = await house(t);
  const { grant } = await account(url, 'ana');
  const odd = [
    undefined,
    '',
    'Bearer',
    'Bearer ',
    `Basic ${grant.accessToken}`,
    `Bearer a ${grant.accessToken}`,
    grant.accessToken,
  ];
  for (const authorization of odd) {
    const headers = authorization === undefined ? {} : { authorization };
    refused(await ask(url, '/api/v1/users/me', { headers }), 'auth.required');
  }
  const spaced = await ask(url, '/api/v1/users/me', { headers: { authorization: `bearer   ${grant.accessToken}  ` } });
  assert.equal(spaced.status, 200);
});

test('a token in an address is refused, by whatever name it goes, before anything else is looked at', async t => {
  const { url } = await house(t);
  const { grant } = await account(url, 'ana');
  const { accessToken: token } = grant;
  for (const query of [
    'token=x',
    'access_token=x',
    'q=a&accessToken=x',
    'jwt=x',
    'Bearer=x',
    'refresh_token=x',
    `q=${token}`,
  ]) {
    refused(await ask(url, `/api/v1/users?${query}`, { token }), 'auth.in_url');
  }
  refused(await ask(url, `/c/${token}`), 'auth.in_url');
  assert.equal((await ask(url, '/api/v1/users?q=token', { token })).status, 200);
});

test('the two keys have nothing to do with each other, nor with those of another secret', () => {
  const [one, other] = [createTokens('a'.repeat(32), 900), createTokens('b'.repeat(32), 900)];
  const session = randomUUID();
  const token = one.refreshToken(session, 3);
  assert.deepEqual(one.readRefresh(token), { sessionId: session, generation: 3 });
  assert.equal(other.readRefresh(token), undefined);
  assert.equal(one.readRefresh(token.replace('.3.', '.4.')), undefined);
});

test('a token has one form: with padding, or bits set that stand for nothing, it is another and opens nothing', async () => {
  const tokens = createTokens('a'.repeat(32), 900);
  const ana = { userId: randomUUID(), sessionId: randomUUID(), username: 'ana' };
  const access = (await tokens.issueAccess(ana)).token;
  const refresh = tokens.refreshToken(ana.sessionId, 3);
  const media = tokens.mediaToken(ana);
  for (const other of [`${access}=`, `=${access}`, access.replace('.', '=.'), access.slice(0, -1) + spareSet(access)])
    await assert.rejects(tokens.readAccess(other), { code: 'auth.required' }, other);
  assert.equal(tokens.readRefresh(refresh.slice(0, -1) + spareSet(refresh)), undefined);
  assert.throws(() => tokens.readMedia(media.slice(0, -1) + spareSet(media)), { code: 'auth.required' });
  assert.deepEqual(
    [(await tokens.readAccess(access)).userId, tokens.readRefresh(refresh)?.generation, tokens.readMedia(media).userId],
    [ana.userId, 3, ana.userId],
  );
});
