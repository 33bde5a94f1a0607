import type { Entry, EntryOf, Row } from '../history.ts';
import {
  type Applied,
  type Client,
  type Ledger,
  type Line,
  type Message,
  nameOf,
  type Room,
  type Sent,
  type Stay,
  type Sync,
  type Track,
  type Try,
  upsert,
  type Version,
} from './ledger.ts';
import { noSteps, raise } from './steps.ts';

export function readLedger(history: Iterable<Entry>): Ledger {
  const ledger: Ledger = {
    counts: new Map(),
    began: undefined,
    ended: undefined,
    lastT: 0,
    lines: 0,
    rooms: new Map(),
    clients: new Map(),
    users: new Map(),
    tries: [],
    sent: [],
    faults: [],
  };
  const open = new Map<string, Try>();
  for (const entry of history) {
    ledger.lines += 1;
    ledger.lastT = Math.max(ledger.lastT, entry.t);
    ledger.counts.set(entry.f, (ledger.counts.get(entry.f) ?? 0) + 1);
    enter(ledger, open, entry, ledger.lines);
  }
  ledger.sent.push(...sentIn(ledger));
  return ledger;
}

function enter(ledger: Ledger, open: Map<string, Try>, entry: Entry, line: number): void {
  const { t } = entry;
  switch (entry.f) {
    case 'began':
      ledger.began = entry;
      return;
    case 'ended':
      ledger.ended = entry;
      return;
    case 'invoke': {
      const { p, n, op, conv, clientId, seq, text, over } = entry;
      const tried: Try = { line, t, p, n, op, conv, clientId, seq, text, over };
      ledger.tries.push(tried);
      open.set(`${p} ${n}`, tried);
      return;
    }
    case 'ok':
    case 'fail':
    case 'info': {
      const { p, n, conv } = entry;
      const tried = open.get(`${p} ${n}`);
      open.delete(`${p} ${n}`);
      const row = entry.f === 'ok' ? entry.row : undefined;
      if (row && entry.op === 'send') upsert(roomOf(ledger, conv).acked, row.id, () => line);
      const version = row && row.rev > 0 ? seen(roomOf(ledger, conv), row, line, t, p) : undefined;
      if (version) acknowledge(ledger, version, conv, p, t, line);
      else if (row) roomOf(ledger, conv).aside.push({ ...row, p, asked: tried?.line ?? line, line });
      if (!tried) return;
      const said = entry.f === 'ok' ? { dup: entry.dup === true } : { code: entry.code, words: entry.words };
      tried.outcome = { is: entry.f, line, t, version, ...said };
      return;
    }
    case 'deliver': {
      const version = entry.row && seen(roomOf(ledger, entry.conv), entry.row, line, t, entry.p);
      apply(ledger, entry.conv, { how: 'event', t, rev: entry.rev, line, version, sync: undefined }, entry.p);
      return;
    }
    case 'sync': {
      const { p, conv, asked, since, rev, lastSeq } = entry;
      const room = roomOf(ledger, conv);
      const rows = entry.rows.map(row => seen(room, row, line, t, p));
      const sync: Sync = { p, line, t, asked, since, rev, lastSeq, reset: entry.reset === true, rows };
      room.syncs.push(sync);
      apply(ledger, conv, { how: 'sync', t, rev, line, version: undefined, sync }, p);
      return;
    }
    case 'final': {
      const { from, how, lastSeq, rev } = entry;
      const room = roomOf(ledger, entry.conv);
      const rows = entry.rows.map(row => seen(room, row, line, t, from));
      room.finals.push({ line, from, how, lastSeq, rev, rows });
      return;
    }
    case 'receipt':
      roomOf(ledger, entry.conv).receipts.push(receipt(ledger, entry, line));
      return;
    case 'heard':
      roomOf(ledger, entry.conv).heard.push({ ...entry, line });
      return;
    case 'watch':
      clientOf(ledger, entry.p).user = entry.user;
      trackOf(roomOf(ledger, entry.conv), entry.p).watch ??= { ...entry, line };
      return;
    case 'open':
      clientOf(ledger, entry.p).sessions.push({ open: t, close: Number.POSITIVE_INFINITY });
      return;
    case 'close': {
      const client = clientOf(ledger, entry.p);
      const session = client.sessions.at(-1);
      if (session) session.close = Math.min(session.close, t);
      client.closes.push({ ...entry, line });
      return;
    }
    case 'refused':
      clientOf(ledger, entry.p).refused.push({ ...entry, line });
      return;
    case 'outside':
      clientOf(ledger, entry.p).outside.push({ ...entry, line });
      return;
    case 'member': {
      const { members } = roomOf(ledger, entry.conv);
      const stays = upsert(members, entry.user, (): Stay[] => []);
      const last = stays.at(-1);
      if (entry.is === 'in') stays.push({ from: { rev: entry.rev, t, line } });
      else if (last) last.to ??= { rev: entry.rev, t, line };
      return;
    }
    case 'untold':
      roomOf(ledger, entry.conv).untold.push({ ...entry, line });
      return;
    case 'fault':
      fault(ledger, entry, line);
      return;
    case 'gap':
      return;
  }
}

/** There are as many as all other entries together: the names in it are the ones that are kept anyway. */
function receipt(
  ledger: Ledger,
  { t, conv, delivered, read, ...who }: EntryOf<'receipt'>,
  line: number,
): Line<'receipt'> {
  const { p } = clientOf(ledger, who.p);
  const user = upsert(ledger.users, who.user, () => who.user);
  return { f: 'receipt', t, p, user, conv: roomOf(ledger, conv).conv, delivered, read, line };
}

function fault({ faults }: Ledger, entry: EntryOf<'fault'>, line: number): void {
  const { t, name, is, clients, frozen, cuts, crashes } = entry;
  if (is === 'on') {
    const hits = clients && new Set(clients);
    faults.push({
      n: entry.n,
      name,
      line,
      on: t,
      off: Number.POSITIVE_INFINITY,
      clients: hits,
      frozen: frozen === true,
      cuts: cuts === true,
      crashes: crashes === true,
    });
    return;
  }
  const on = faults.findLast(one => one.n === entry.n && one.name === name);
  if (on) Object.assign(on, { off: t, exit: entry.exit });
}

/** The one version that looks like this; a row that differs in anything is another one. */
function seen(room: Room, row: Row, line: number, t: number, by: string): Version {
  const atRev = upsert(room.versions, row.rev, (): Version[] => []);
  const same = atRev.find(
    v => v.id === row.id && v.state === row.state && v.seq === row.seq && v.text === row.text && alike(v, row),
  );
  if (same) return same;
  const message = upsert(room.messages, row.id, (): Message => ({ id: row.id, versions: [] }));
  const version: Version = { ...row, message, line, t, by };
  atRev.push(version);
  message.versions.push(version);
  return version;
}
const alike = (a: Row, b: Row): boolean => a.clientId === b.clientId && a.sender === b.sender;

function acknowledge(ledger: Ledger, version: Version, conv: string, p: string, t: number, line: number): void {
  const { id, rev } = version;
  const { changed } = roomOf(ledger, conv);
  if (rev > (changed.get(id)?.rev ?? 0)) changed.set(id, { rev, line });
  apply(ledger, conv, { how: 'ack', t, rev, line, version, sync: undefined }, p);
}

function apply(ledger: Ledger, conv: string, applied: Applied, p: string): void {
  const room = roomOf(ledger, conv);
  trackOf(room, p).applied.push(applied);
  raise(room.known, applied);
}

/** Who it was is known by `watch`; whoever watches nothing is somebody of their own. */
function sentIn({ tries, clients }: Ledger): Sent[] {
  const byKey = new Map<string, Sent>();
  for (const tried of tries) {
    const { op, conv, clientId, p } = tried;
    if (op !== 'send' || clientId === undefined) continue;
    const sender = clients.get(p)?.user ?? p;
    upsert(byKey, nameOf({ conv, clientId, sender }), (): Sent => ({ conv, clientId, sender, tries: [] })).tries.push(
      tried,
    );
  }
  return [...byKey.values()];
}

const roomOf = ({ rooms }: Ledger, conv: string): Room =>
  upsert(rooms, conv, () => ({
    conv,
    messages: new Map(),
    acked: new Map(),
    aside: [],
    changed: new Map(),
    versions: new Map(),
    known: noSteps(),
    members: new Map(),
    untold: [],
    tracks: new Map(),
    syncs: [],
    finals: [],
    receipts: [],
    heard: [],
  }));
const trackOf = ({ tracks }: Room, p: string): Track => upsert(tracks, p, () => ({ p, watch: undefined, applied: [] }));
const clientOf = ({ clients }: Ledger, p: string): Client =>
  upsert(clients, p, () => ({ p, user: undefined, sessions: [], closes: [], refused: [], outside: [] }));
