import { isIP } from 'node:net';
import { defaultLimits, displayName, type Limits } from '@carpenter/protocol';
import { type PasswordCost, passwordCost } from './auth/password.ts';
import { checked, Mistake, maybe, oneOf, origin, text, type Variable, whole } from './environment.ts';
import type { MailConfig } from './mail/post.ts';
import type { S3Config } from './media/s3.ts';

export interface Config {
  host: string;
  /** 0: any free port. */
  port: number;
  dataDir: string;
  /** Absent: the PostgreSQL that comes along. */
  databaseUrl?: string;
  /** The origin people type, where it is not `host:port`. */
  publicUrl?: string;
  /** Origins whose pages may use this server, `publicUrl` among them, besides the one the request was sent to. */
  allowedOrigins: readonly string[];
  /** Absent: made on the first start and kept in `dataDir`. */
  jwtSecret?: string;
  /** How many proxies stand in front: so many entries of X-Forwarded-For are believed, from the right. */
  trustProxy: number;
  /** The closing of connections is spread over so many seconds. */
  drainSeconds: number;
  /** `invite`: only those who hold an invite link can make an account. */
  registration: 'open' | 'invite';
  /** Made with the first account; everybody comes into it with theirs. Absent: none. */
  generalChannel?: string | undefined;
  logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  accessTokenSeconds: number;
  /** Of passwords that are set from now on. Tests that do not look at it take less. */
  passwordCost: PasswordCost;
  /** So long the audit log is kept. */
  auditDays: number;
  heartbeatMs: number;
  /** Of this node, logged in or not. */
  connectionsMax: number;
  /** Between two looks whether the logins of open connections still stand. */
  sessionCheckMs: number;
  /** Absent: files are kept in `dataDir`. */
  s3?: S3Config;
  limits: Limits;
  /** Pages that messages link to are looked at. */
  linkPreviews: boolean;
  /** `address:port` in one's own network that may be asked nonetheless, by previews and pushes. */
  reachable: readonly string[];
  /** Absent: no mail is sent. */
  mail?: MailConfig;
  rates: Rates;
}

interface Rates {
  /** Of one connection. */
  framesPerMinute: number;
  /** Of one connection. */
  bytesPerMinute: number;
  loginTriesPerMinutePerAccount: number;
  loginTriesPerMinutePerAddress: number;
  registrationsPerHourPerAddress: number;
  /** Of one account, as all that follow: conversations that its new links lead to. */
  invitesPerHour: number;
  reportsPerHour: number;
  searchesPerMinute: number;
  uploadsPerHour: number;
  /** People brought into conversations, and made to follow threads. */
  addedPerHour: number;
  /** Groups and channels begun. */
  roomsPerHour: number;
  /** HTTP requests of one account, or of one address where nobody is logged in. */
  requestsPerMinute: number;
  connectionsPerAddress: number;
}

export type Environment = Record<string, string | undefined>;

/** Everything that is wrong with the environment, one sentence each. */
export class ConfigError extends Error {
  readonly mistakes: readonly string[];

  constructor(mistakes: readonly string[]) {
    super(mistakes.join('\n'));
    this.name = 'ConfigError';
    this.mistakes = mistakes;
  }
}

const asIs = (text: string): string => text;

const variable = {
  port: whole('PORT', 3000, [0, 65_535], 'Port of page, API and WebSocket; 0 takes any free one.'),
  host: text('HOST', '127.0.0.1', 'Address to listen on; `0.0.0.0` for all networks.', host =>
    /[\s/]/.test(host) ? `must be a name or an address without a port, not "${host}".` : undefined,
  ),
  dataDir: text('DATA_DIR', './data', 'Folder of the database, the uploads and the secret.', dir =>
    dir.includes('\0') ? 'must be a path.' : undefined,
  ),
  databaseUrl: maybe(
    'DATABASE_URL',
    'A PostgreSQL (15 or later) of your own: `postgres://user:password@host/database`. Unset: the one that comes along.',
    checked('DATABASE_URL', url =>
      /^postgres(ql)?:\/\//.test(url) && URL.canParse(url.replace(/@\//, '@localhost/'))
        ? undefined // pg allows postgres://user@/database?host=/socket, URL does not
        : 'must be like postgres://user:password@host:5432/database. (It is not repeated here: it may hold a password.)',
    ),
  ),
  publicUrl: maybe('PUBLIC_URL', 'The address people type, where a proxy stands in front.', origin('PUBLIC_URL')),
  allowedOrigins: maybe(
    'ALLOWED_ORIGINS',
    'Further sites whose pages may use this server, separated by commas. Its own pages always may.',
    list => list.split(',').flatMap(one => (one.trim() ? [origin('Each of ALLOWED_ORIGINS')(one.trim())] : [])),
  ),
  jwtSecret: maybe(
    'JWT_SECRET',
    'Signs the tokens, 32 bytes or more, the same on all nodes. Unset: made on the first start, kept in `DATA_DIR`.',
    checked('JWT_SECRET', secret =>
      Buffer.byteLength(secret) < 32
        ? 'must have at least 32 bytes, for example from: openssl rand -hex 32'
        : undefined,
    ),
  ),
  trustProxy: whole('TRUST_PROXY', 0, [0, 10], 'How many proxies in front may tell the address of a client.'),
  drainSeconds: whole('DRAIN_SECONDS', 3, [0, 3_600], 'Over how long a shutdown spreads the closing of connections.'),
  registration: oneOf(
    'REGISTRATION',
    'open',
    ['open', 'invite'],
    'Who can make an account: everybody, or only those who hold an invite link. The first account always can.',
  ),
  generalChannel: text(
    'GENERAL_CHANNEL',
    'general',
    'Name of the channel that everybody comes into with their account; `none` for none.',
    name => (displayName.safeParse(name).success ? undefined : 'must be a name of 1 to 64 characters.'),
  ),
  logLevel: oneOf('LOG_LEVEL', 'info', ['debug', 'info', 'warn', 'error', 'silent'], 'How much is logged.'),
  accessTokenSeconds: whole('ACCESS_TOKEN_SECONDS', 900, [60, 86_400], 'How long an access token lives.'),
  auditDays: whole('AUDIT_DAYS', 365, [30, 3_650], 'How long the audit log is kept.'),
  heartbeatSeconds: whole(
    'HEARTBEAT_SECONDS',
    25,
    [5, 300],
    'Between two pings; two without an answer end a connection.',
  ),
  textMaxChars: whole('MAX_MESSAGE_CHARS', defaultLimits.textMaxChars, [1, 100_000], 'Characters in one message.'),
  frameMaxBytes: whole(
    'MAX_FRAME_BYTES',
    defaultLimits.frameMaxBytes,
    [1_024, 4_194_304],
    'Bytes in one WebSocket message.',
  ),
  groupMaxMembers: whole('MAX_GROUP_MEMBERS', defaultLimits.groupMaxMembers, [2, 100_000], 'Members of one group.'),
  syncPage: whole(
    'SYNC_PAGE',
    defaultLimits.syncPage,
    [10, 1_000],
    'Changes in one answer to a client that catches up.',
  ),
  syncGap: whole('SYNC_GAP', defaultLimits.syncGap, [100, 1_000_000], 'Behind by more changes, a client starts anew.'),
  mediaMaxBytes: whole('MAX_MEDIA_BYTES', defaultLimits.mediaMaxBytes, [1_000, 100_000_000_000], 'Bytes in one file.'),
  mediaQuotaBytes: whole(
    'MEDIA_QUOTA_BYTES',
    defaultLimits.mediaQuotaBytes,
    [1_000, 1_000_000_000_000_000],
    'Bytes of all files of one person.',
  ),
  s3Endpoint: maybe(
    'S3_ENDPOINT',
    'An S3-compatible store for files, as `https://s3.example.org`. Unset: files are kept in `DATA_DIR`.',
    origin('S3_ENDPOINT'),
  ),
  s3Bucket: maybe('S3_BUCKET', 'The bucket in it. It stays closed: files come and go through Carpenter.', asIs),
  s3Region: maybe('S3_REGION', 'Its region, as the store names it: `us-east-1` where it has none.', asIs),
  s3AccessKeyId: maybe('S3_ACCESS_KEY_ID', 'Whom the store knows.', asIs),
  s3SecretAccessKey: maybe('S3_SECRET_ACCESS_KEY', 'And by what.', asIs),
  linkPreviews: oneOf(
    'LINK_PREVIEWS',
    'on',
    ['on', 'off'],
    'Whether this server looks at pages that messages link to.',
  ),
  reachable: maybe(
    'REACHABLE_ADDRESSES',
    'Services in your own network that link previews and pushes may ask, as `10.0.0.5:8080`, separated by commas.',
    list => list.split(',').flatMap(one => (one.trim() ? [addressAndPort(one.trim())] : [])),
  ),
  smtpUrl: maybe(
    'SMTP_URL',
    'A mail server, as `smtps://user:password@mail.example.org`, for those who want to hear by mail of what they missed.',
    checked('SMTP_URL', url =>
      /^smtps?:\/\/[^/]/.test(url) && URL.canParse(url)
        ? undefined
        : 'must be like smtps://user:password@mail.example.org:465. (It is not repeated here: it may hold a password.)',
    ),
  ),
  mailFrom: maybe(
    'MAIL_FROM',
    'Whom mails are from, as `Carpenter <chat@example.org>`; needed with `SMTP_URL`.',
    checked('MAIL_FROM', from =>
      /^[^\p{Cc}<>]*<?[^\s@<>]+@[^\s@<>]+>?$/u.test(from)
        ? undefined
        : `must be like Carpenter <chat@example.org>, not "${from}".`,
    ),
  ),
  framesPerMinute: whole('RATE_FRAMES_PER_MINUTE', 600, [1, 10_000_000], 'Frames from one connection.'),
  bytesPerMinute: whole(
    'RATE_BYTES_PER_MINUTE',
    2_097_152,
    [1_024, 10_000_000_000],
    'Bytes from one connection, and of messages that edits, reactions, votes and pins of one account send out again.',
  ),
  loginsPerAccount: whole(
    'RATE_LOGINS_PER_ACCOUNT',
    10,
    [1, 10_000_000],
    'Tries per minute to log in to one account. Six times as many logins an hour may begin from one address.',
  ),
  loginsPerAddress: whole(
    'RATE_LOGINS_PER_ADDRESS',
    60,
    [1, 10_000_000],
    'Tries per minute to log in from one address.',
  ),
  registrations: whole('RATE_REGISTRATIONS_PER_HOUR', 60, [1, 10_000_000], 'New accounts per hour from one address.'),
  invites: whole(
    'RATE_INVITES_PER_HOUR',
    200,
    [1, 10_000_000],
    'Invite links per hour by one account; one into several conversations counts for each.',
  ),
  reports: whole('RATE_REPORTS_PER_HOUR', 60, [1, 10_000_000], 'Messages that one account reports per hour.'),
  searches: whole('RATE_SEARCHES_PER_MINUTE', 120, [1, 10_000_000], 'Searches per minute by one account.'),
  uploads: whole('RATE_UPLOADS_PER_HOUR', 600, [1, 10_000_000], 'Files per hour from one account.'),
  added: whole(
    'RATE_ADDED_PER_HOUR',
    10_000,
    [1, 10_000_000],
    'People that one account brings into conversations, and makes follow threads, per hour.',
  ),
  rooms: whole('RATE_ROOMS_PER_HOUR', 500, [1, 10_000_000], 'Groups and channels that one account begins per hour.'),
  requestsPerMinute: whole(
    'RATE_REQUESTS_PER_MINUTE',
    1_200,
    [1, 10_000_000],
    'HTTP requests of one account or address.',
  ),
  connectionsMax: whole(
    'MAX_CONNECTIONS',
    50_000,
    [1, 1_000_000],
    'WebSockets and event streams of this process; each takes some 9 KiB.',
  ),
  connections: whole(
    'MAX_CONNECTIONS_PER_ADDRESS',
    500,
    [1, 1_000_000],
    'WebSockets from one address that have not logged in yet.',
  ),
};

/** An address and not a name: what a name means is for its name server to say. */
function addressAndPort(text: string): string {
  const [, address = '', port = ''] = /^(.*):(\d{1,5})$/.exec(text) ?? [];
  const version = isIP(address.replace(/^\[(.*)\]$/, '$1'));
  if (version !== 0 && (version === 6) === address.startsWith('[') && Number(port) <= 65_535) return text;
  throw new Mistake(`Each of REACHABLE_ADDRESSES must be an address with its port, like 10.0.0.5:8080, not "${text}".`);
}

/** All variables, for the configuration table. */
export const variables: readonly Variable<unknown>[] = Object.values(variable);

/** Reads the environment. Unset and empty mean the same.
 *  @throws ConfigError with all mistakes, not only the first */
export function readConfig(env: Environment): Config {
  const mistakes: string[] = [];
  const platform = fromPlatform(env);
  const take = <T>({ name, fallback, read }: Variable<T>): T => {
    const given = env[name]?.trim() || platform[name];
    if (!given) return fallback;
    try {
      return read(given);
    } catch (error) {
      if (!(error instanceof Mistake)) throw error;
      mistakes.push(error.message);
      return fallback;
    }
  };
  const publicUrl = take(variable.publicUrl);
  const databaseUrl = take(variable.databaseUrl);
  const jwtSecret = take(variable.jwtSecret);
  const generalChannel = take(variable.generalChannel);
  const s3 = readS3({
    S3_ENDPOINT: take(variable.s3Endpoint),
    S3_BUCKET: take(variable.s3Bucket),
    S3_REGION: take(variable.s3Region),
    S3_ACCESS_KEY_ID: take(variable.s3AccessKeyId),
    S3_SECRET_ACCESS_KEY: take(variable.s3SecretAccessKey),
  });
  if (typeof s3 === 'string') mistakes.push(s3);
  const smtpUrl = take(variable.smtpUrl);
  const mailFrom = take(variable.mailFrom);
  if (smtpUrl && !mailFrom && !env.MAIL_FROM) mistakes.push('SMTP_URL needs MAIL_FROM: whom mails are from.');
  const config: Config = {
    port: take(variable.port),
    host: take(variable.host),
    dataDir: take(variable.dataDir),
    ...(databaseUrl && { databaseUrl }),
    ...(publicUrl && { publicUrl }),
    allowedOrigins: [...new Set([...(publicUrl ? [publicUrl] : []), ...(take(variable.allowedOrigins) ?? [])])],
    ...(jwtSecret && { jwtSecret }),
    trustProxy: take(variable.trustProxy),
    drainSeconds: take(variable.drainSeconds),
    registration: take(variable.registration),
    ...(generalChannel !== 'none' && { generalChannel }),
    logLevel: take(variable.logLevel),
    accessTokenSeconds: take(variable.accessTokenSeconds),
    passwordCost,
    auditDays: take(variable.auditDays),
    sessionCheckMs: 30_000,
    heartbeatMs: take(variable.heartbeatSeconds) * 1_000,
    connectionsMax: take(variable.connectionsMax),
    ...(typeof s3 === 'object' && { s3 }),
    limits: {
      ...defaultLimits,
      textMaxChars: take(variable.textMaxChars),
      frameMaxBytes: take(variable.frameMaxBytes),
      groupMaxMembers: take(variable.groupMaxMembers),
      syncPage: take(variable.syncPage),
      syncGap: take(variable.syncGap),
      mediaMaxBytes: take(variable.mediaMaxBytes),
      mediaQuotaBytes: take(variable.mediaQuotaBytes),
    },
    ...(smtpUrl && mailFrom && { mail: { url: smtpUrl, from: mailFrom } }),
    linkPreviews: take(variable.linkPreviews) === 'on',
    reachable: take(variable.reachable) ?? [],
    rates: {
      framesPerMinute: take(variable.framesPerMinute),
      bytesPerMinute: take(variable.bytesPerMinute),
      loginTriesPerMinutePerAccount: take(variable.loginsPerAccount),
      loginTriesPerMinutePerAddress: take(variable.loginsPerAddress),
      registrationsPerHourPerAddress: take(variable.registrations),
      invitesPerHour: take(variable.invites),
      reportsPerHour: take(variable.reports),
      searchesPerMinute: take(variable.searches),
      uploadsPerHour: take(variable.uploads),
      addedPerHour: take(variable.added),
      roomsPerHour: take(variable.rooms),
      requestsPerMinute: take(variable.requestsPerMinute),
      connectionsPerAddress: take(variable.connections),
    },
  };
  mistakes.push(...contradictions(config.limits));
  if (mistakes.length > 0) throw new ConfigError(mistakes);
  return config;
}

/** What holds without any environment. Tests and tools start from it. */
export const defaults: Config = readConfig({});

function contradictions({ textMaxChars, frameMaxBytes }: Limits): string[] {
  const needed = textMaxChars * 4 + 1_024; // up to four bytes a character, and the frame around the text
  if (frameMaxBytes >= needed) return [];
  return [`MAX_FRAME_BYTES must be at least ${needed}, so that MAX_MESSAGE_CHARS (${textMaxChars}) fit into a frame.`];
}

/** All of them or none. @returns the store, nothing, or what is wrong */
function readS3(given: Record<string, string | undefined>): S3Config | string | undefined {
  const { S3_ENDPOINT: endpoint, S3_BUCKET: bucket, S3_REGION: region } = given;
  const { S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey } = given;
  if (endpoint && bucket && region && accessKeyId && secretAccessKey) {
    return { endpoint, bucket, region, accessKeyId, secretAccessKey };
  }
  const missing = Object.keys(given).filter(name => !given[name]);
  if (missing.length === Object.keys(given).length) return undefined;
  return `An S3 store needs all of its variables; ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing.`;
}

/** What Railway says by names of its own: there its proxy stands in front. It kills `grace` seconds after SIGTERM: ten are for what cannot be spread. */
function fromPlatform(env: Environment): Environment {
  const { RAILWAY_PUBLIC_DOMAIN: domain, RAILWAY_DEPLOYMENT_DRAINING_SECONDS: grace } = env;
  return {
    ...(domain && { PUBLIC_URL: `https://${domain}`, TRUST_PROXY: '1' }),
    ...(grace && /^\d{1,4}$/.test(grace) && { DRAIN_SECONDS: String(Math.max(0, Number(grace) - 10)) }),
  };
}
