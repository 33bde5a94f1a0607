import { type TimeLost, timeLost } from './faults.ts';
import type { Find } from './finding.ts';
import { byId, firstSeqOf, lastWordOf } from './last-word.ts';
import type { Client, Final, Ledger, Room, Track } from './ledger.ts';
import { before } from './steps.ts';

/** A connected client is shown a change within this time after anybody was; one that comes back, after it came. */
const lateAfterMs = 5_000;

/** How late changes were shown, in milliseconds: to who was there, and to who came back. */
export interface Lateness {
  readonly there: number[];
  readonly back: number[];
}

/** Whether it was waiting for an answer to "what changed" at some time between. What comes by itself waits behind that answer, too. */
type Asks = (from: number, to: number) => boolean;

/** What does not count: for who is there, what lets nothing move; for who asks, all that may be in the way of an answer. */
interface Lost {
  readonly there: TimeLost;
  readonly back: TimeLost;
}

/** Whoever is in a conversation and connected is shown every change in time, and in the end has what the nodes have. */
export function complete(ledger: Ledger, find: Find, lateness: Lateness): number {
  const lost: Lost = { there: timeLost(ledger, 'frozen'), back: timeLost(ledger, 'any') };
  const views = [...ledger.rooms.values()].flatMap(room => room.finals.filter(({ how }) => how === 'view'));
  const showing = new Set(views.map(({ from }) => from));
  for (const room of ledger.rooms.values()) {
    for (const track of room.tracks.values()) {
      const client = ledger.clients.get(track.p);
      if (client) owed(ledger, room, track, client, lost, lateness, find);
    }
    for (const final of room.finals) if (final.how === 'view') shows(ledger, room, final, find);
    forgotten(ledger, room, showing, find);
  }
  return lateness.there.length + lateness.back.length;
}

function owed(
  { lastT }: Ledger,
  room: Room,
  { p, watch, applied }: Track,
  client: Client,
  lost: Lost,
  lateness: Lateness,
  find: Find,
): void {
  if (!watch) return;
  const stays = room.members.get(watch.user);
  const own = new Map<number, number>();
  for (const { how, rev, t } of applied) if (how === 'ack' && !own.has(rev)) own.set(rev, t);
  const first = (before(room.known, watch.t)?.rev ?? 0) + 1;
  const syncs = room.syncs.filter(sync => sync.p === p);
  const silent = syncs.some(({ asked }) => asked === undefined); // the SDK: it may be waiting at any time
  const asks: Asks = (from, to) => silent || syncs.some(({ asked = to, t }) => asked <= to && t >= from);
  let shown = 0; // the first place in `applied` that is at this rev or above
  let session = 0;
  let at = first;
  for (const step of room.known.list) {
    for (; at <= step.rev; at += 1) {
      const stay = stays?.find(({ from, to }) => from.rev < at && (!to || at < to.rev));
      if (stays && !stay) continue;
      const end = Math.min(lastT, stay?.to?.t ?? lastT); // whoever was away, and was taken out meanwhile, is not shown it any more
      while (shown < applied.length && !reaches(applied[shown], at)) shown += 1;
      const there = Math.max(step.t, watch.t);
      while (session < client.sessions.length && (client.sessions[session]?.close ?? 0) <= there) session += 1;
      const t = Math.min(applied[shown]?.t ?? Number.POSITIVE_INFINITY, own.get(at) ?? Number.POSITIVE_INFINITY);
      const late = judge(client, session, there, t, end, asks, lost, lateness);
      if (late === undefined) continue;
      const about = { conv: room.conv, p, seq: room.versions.get(at)?.[0]?.seq };
      const words = `Known at ${Math.round(step.t)} ms, rev ${at} was ${t === Number.POSITIVE_INFINITY ? 'never shown' : `shown at ${Math.round(t)} ms`} to ${p}.`;
      find(
        t === Number.POSITIVE_INFINITY ? 'change never shown' : 'change shown too late',
        words,
        about,
        step.line,
        applied[shown]?.line,
      );
    }
  }
}

const reaches = (applied: { how: string; rev: number } | undefined, rev: number): boolean =>
  applied !== undefined && applied.how !== 'ack' && applied.rev >= rev;

/** @returns how late it was, where that is too late */
function judge(
  { p, sessions }: Client,
  first: number,
  known: number,
  shown: number,
  end: number,
  asks: Asks,
  lost: Lost,
  { there, back }: Lateness,
): number | undefined {
  for (let i = first; i < sessions.length; i += 1) {
    const session = sessions[i];
    if (!session) return undefined;
    const from = Math.max(known, session.open);
    const until = Math.min(shown, session.close, end);
    const isLong = until - from > lateAfterMs;
    const gone = from === known && !(isLong && asks(from, until)) ? lost.there : lost.back;
    const late = until <= from ? 0 : until - from - gone(p, from, until);
    if (late > lateAfterMs) return late;
    if (shown > session.close) continue; // it went before it was too late: the next time counts
    if (shown <= end) (from === known ? there : back).push(late);
    return undefined;
  }
  return undefined;
}

function shows({ clients }: Ledger, room: Room, view: Final, find: Find): void {
  const word = lastWordOf(room);
  if (!word || isOut(room, clients.get(view.from))) return;
  const rows = byId(view.rows);
  const from = Math.min(firstSeqOf(view), word.lastSeq);
  for (const { id, seq, rev, clientId } of word.rows) {
    if (seq < from) continue;
    const row = rows.get(id);
    const about = { conv: room.conv, p: view.from, seq, id, clientId };
    if (!row) find('client ends without a message', `${view.from} does not show it.`, about, word.line, view.line);
    else if (row.rev < rev) {
      find(
        'client ends with an old version',
        `${view.from} shows rev ${row.rev} of ${rev}.`,
        about,
        word.line,
        view.line,
      );
    }
  }
}

/** @param showing  those who say in the end what they show */
function forgotten({ clients }: Ledger, room: Room, showing: ReadonlySet<string>, find: Find): void {
  const word = lastWordOf(room);
  if (!word) return;
  for (const { p, watch } of room.tracks.values()) {
    if (!watch || !showing.has(p) || isOut(room, clients.get(p))) continue;
    if (room.finals.some(({ how, from }) => how === 'view' && from === p)) continue;
    find(
      'client ends without a conversation',
      `${p} is in it, and does not show it.`,
      { conv: room.conv, p },
      watch.line,
      word.line,
    );
  }
}

const isOut = ({ members }: Room, client: Client | undefined): boolean =>
  members.get(client?.user ?? '')?.at(-1)?.to !== undefined;
