import type { Entry, Row } from '../src/history.ts';
import { randomOf } from '../src/world/random.ts';

// A run that never was: a server of a few lines that keeps the promise, clients that hear of it, faults that are got over.
// What it writes down is what an honest run would.

const unanswered = { code: 'connection.lost', words: 'The connection ended (1006).' };

type Draft = Entry extends infer E ? (E extends Entry ? Omit<E, 't'> : never) : never;

interface Room {
  readonly conv: string;
  readonly rows: Row[];
  readonly in: Set<string>;
  readonly marks: Map<string, number>;
  rev: number;
}
interface Client {
  readonly p: string;
  readonly user: string;
  /** Where it has come to in each conversation. */
  readonly have: Map<string, number>;
  /** Until then it is busy with what it was told. */
  t: number;
  open: boolean;
  /** Sent, and never answered: tried again when it is back. */
  unknown: { readonly conv: string; readonly clientId: string; readonly text: string }[];
}

export function honestRun(
  seed: number,
  atLeast: number,
  { rooms: roomCount = 3, people = 4 } = {},
): { entries: Entry[] } {
  const random = randomOf(seed);
  const written: Entry[] = [];
  let now = 0;
  let n = 0;
  let made = 0;
  const write = (t: number, draft: Draft) => void written.push({ ...draft, t });
  const name = (kind: string) => {
    made += 1;
    return `${kind}-${seed}-${made}`;
  };
  const raise = (room: Room): number => {
    room.rev += 1;
    return room.rev;
  };
  const users = Array.from({ length: people }, (_, i) => `user${i}`);
  const rooms = Array.from({ length: roomCount }, (_, i): Room => {
    const members = i === 0 ? users : users.filter((_, u) => u !== i % people);
    return { conv: `room${i}`, rows: [], in: new Set(members), marks: new Map(), rev: 1 };
  });
  const clients = users.flatMap((user, i): Client[] =>
    ['a', ...(i === 0 ? ['b'] : [])].map(device => ({
      p: `${user}${device}`,
      user,
      have: new Map(),
      t: 0,
      open: false,
      unknown: [],
    })),
  );

  const faults = ['cut-sockets', 'freeze-node'] as const;
  write(0, {
    f: 'began',
    version: '0.1.0',
    seed,
    clients: clients.length,
    nodes: 1,
    minutes: 0.1,
    faults: [...faults, 'disk-full'],
    without: { 'disk-full': 'no disk to fill' },
  });
  for (const { conv, in: members } of rooms) {
    for (const user of members) write(0, { f: 'member', conv, user, is: 'in', rev: 1 });
  }

  const busy = (client: Client): number => {
    client.t = Math.max(client.t, now) + random.next() * 3;
    return client.t;
  };
  const listeners = (room: Room, but?: Client) =>
    clients.filter(client => client !== but && client.open && room.in.has(client.user));

  function tell(room: Room, rev: number, row: Row | undefined, but?: Client): void {
    for (const client of listeners(room, but)) {
      write(busy(client), { f: 'deliver', p: client.p, conv: room.conv, rev, ...(row && { row }) });
      client.have.set(room.conv, rev);
    }
  }

  function sync({ p, have }: Client, room: Room, t: number): void {
    const since = have.get(room.conv) ?? 0;
    const rows = room.rows.filter(row => row.rev > since).sort((a, b) => a.rev - b.rev);
    const { conv, rev } = room;
    write(t, { f: 'sync', p, asked: now, conv, since, rev, lastSeq: room.rows.length, rows });
    have.set(conv, rev);
  }

  function connect(client: Client): void {
    client.open = true;
    write(busy(client), { f: 'open', p: client.p, node: 'a' });
    for (const room of rooms) if (room.in.has(client.user)) sync(client, room, busy(client));
    now = client.t; // it says nothing before it is there
    for (const { conv, clientId, text } of client.unknown.splice(0)) {
      const room = rooms.find(one => one.conv === conv);
      if (room?.in.has(client.user)) send(client, room, clientId, text, 'again');
    }
  }

  function store(room: Room, row: Omit<Row, 'id' | 'seq' | 'rev' | 'state'>): Row {
    room.rev += 1;
    const stored = { ...row, id: name('id'), seq: room.rows.length + 1, rev: room.rev, state: name('state') };
    room.rows.push(stored);
    return stored;
  }

  type Fate = 'ok' | 'again' | 'lost' | 'never';
  function send(client: Client, room: Room, clientId: string, text: string, fate: Fate = 'ok'): void {
    const { p, user, have } = client;
    const { conv } = room;
    n += 1;
    const tried = { p, n, op: 'send' as const, conv };
    write(now, { f: 'invoke', ...tried, clientId, text, over: 'socket' });
    if (fate === 'lost' || fate === 'never') client.unknown.push({ conv, clientId, text });
    if (fate === 'never') return write(now + 1, { f: 'info', ...tried, clientId, ...unanswered });
    const known = fate === 'again' ? room.rows.find(row => row.clientId === clientId) : undefined;
    const row = known ?? store(room, { clientId, sender: user, text });
    if (fate === 'lost') {
      write(now + 1, { f: 'info', ...tried, clientId, ...unanswered });
      tell(room, row.rev, row, client);
      return;
    }
    const t = busy(client);
    write(t, { f: 'ok', ...tried, row, ...(known && { dup: true }) });
    if (known) return;
    write(t, { f: 'deliver', p, conv, rev: row.rev, row });
    have.set(conv, row.rev);
    tell(room, row.rev, row, client);
  }

  function change(client: Client, room: Room, row: Row, op: 'edit' | 'delete' | 'react'): void {
    const { p, have } = client;
    const { conv } = room;
    n += 1;
    const tried = { p, n, op, conv };
    const text = op === 'edit' ? name('text') : op === 'delete' ? '' : row.text;
    write(now, { f: 'invoke', ...tried, seq: row.seq, ...(op === 'edit' && { text }) });
    if (op !== 'react' && row.sender !== client.user) {
      const words = 'Only its sender can change a message.';
      return write(busy(client), { f: 'fail', ...tried, code: 'message.not_yours', words });
    }
    room.rev += 1;
    const changed = { ...row, text, rev: room.rev, state: name('state') };
    room.rows[row.seq - 1] = changed;
    const t = busy(client);
    write(t, { f: 'ok', ...tried, row: changed });
    write(t, { f: 'deliver', p, conv, rev: changed.rev, row: changed });
    have.set(conv, changed.rev);
    tell(room, changed.rev, changed, client);
  }

  /** Its answer is lost, though all are told of it. @returns tries it again, as somebody who was taken out meanwhile */
  function sendWithoutAnswer({ p, user }: Client, room: Room): () => void {
    const { conv } = room;
    const [clientId, text] = [name('client'), name('text')];
    const tried = () => {
      n += 1;
      const one = { p, n, op: 'send' as const, conv };
      write(now, { f: 'invoke', ...one, clientId, text, over: 'http' });
      return one;
    };
    const words = 'The database does not answer. Try again in 1 s.';
    write(now + 1, { f: 'info', ...tried(), clientId, code: 'storage_unavailable', words });
    const row = store(room, { clientId, sender: user, text });
    tell(room, row.rev, row);
    return () => write(now + 1, { f: 'ok', ...tried(), row: { ...row, rev: 0, state: name('state') }, dup: true });
  }

  function read({ user, have }: Client, room: Room): void {
    const had = have.get(room.conv) ?? 0;
    const seq = room.rows.reduce((last, row) => (row.rev <= had ? Math.max(last, row.seq) : last), 0);
    const mark = Math.max(seq, room.marks.get(user) ?? 0);
    room.marks.set(user, mark);
    for (const other of listeners(room)) {
      write(busy(other), { f: 'receipt', p: other.p, conv: room.conv, user, delivered: mark, read: mark });
    }
  }

  /** @returns whom */
  function takeOut(room: Room, by: string): string | undefined {
    const [user] = random.shuffle([...room.in].filter(one => one !== by));
    if (user === undefined) return undefined;
    const again = clients
      .filter(client => client.user === user && client.open)
      .map(client => sendWithoutAnswer(client, room));
    const out = raise(room);
    for (const client of clients) {
      if (client.user === user && client.open) {
        write(busy(client), { f: 'deliver', p: client.p, conv: room.conv, rev: out });
      }
    }
    room.in.delete(user);
    tell(room, out, undefined);
    write(now, { f: 'member', conv: room.conv, user, is: 'out', rev: out });
    for (const { p, user: whose } of clients) {
      // told once more, by a database that was away
      if (whose === user) write(now + 3_000, { f: 'heard', p, conv: room.conv, type: 'conversation.removed' });
    }
    const left = store(room, { clientId: name('line'), sender: by, text: '' });
    tell(room, left.rev, left);
    now += 20;
    for (const tryAgain of again) tryAgain();
    for (let i = 0; i < 3; i += 1) step();
    return user;
  }

  function takeOutAndIn(room: Room, by: string): void {
    const user = takeOut(room, by);
    if (user === undefined) return;
    const back = raise(room);
    tell(room, back, undefined);
    room.in.add(user);
    write(now, { f: 'member', conv: room.conv, user, is: 'in', rev: back });
    for (const client of clients) if (client.user === user && client.open) sync(client, room, busy(client));
  }

  function cut(client: Client, frozen: boolean): void {
    now = Math.max(now, client.t) + 1;
    n += 1;
    const fault = {
      f: 'fault' as const,
      n,
      name: frozen ? faults[1] : faults[0],
      clients: [client.p],
      frozen,
      cuts: true,
    };
    write(now, { ...fault, is: 'on' });
    for (const room of rooms) {
      if (!room.in.has(client.user)) continue;
      const fate = random.pick(['lost', 'never'] as const);
      send(client, room, name('client'), name('text'), fate);
    }
    now += 2;
    client.open = false;
    client.t = Math.max(client.t, now);
    const end = { f: 'close', p: client.p, code: 1006 } as const;
    if (frozen) write(now, { ...end, words: 'Nothing came for 2 ms.', by: 'us', silentMs: 2 });
    else write(now, { ...end, words: '', by: 'nobody' });
    const others = clients.filter(other => other !== client && other.open);
    for (let i = 0; i < 10; i += 1) if (others.length > 0) step(random.pick(others));
    now += 5;
    write(now, { ...fault, is: 'off' });
    now = Math.max(now, client.t) + 1;
    connect(client);
  }

  /** What somebody has read was told, and is lost with the database; that it was delivered is known again. */
  function crash(client: Client, room: Room): void {
    now = Math.max(now, ...clients.map(({ t }) => t)) + 1_100;
    const { conv, marks } = room;
    const { user } = client;
    const kept = marks.get(user) ?? 0;
    read(client, room);
    n += 1;
    const fault = { f: 'fault' as const, n, name: 'kill-postgres', crashes: true };
    write(now, { ...fault, is: 'on' });
    now += 100;
    write(now, { ...fault, is: 'off' });
    const delivered = marks.get(user) ?? 0;
    for (const { p } of listeners(room)) write(now + 10, { f: 'receipt', p, conv, user, delivered, read: kept });
    now += 20;
  }

  function restart(): void {
    now = Math.max(now, ...clients.map(client => client.t)) + 1;
    n += 1;
    const fault = { f: 'fault' as const, n, name: 'restart-node' };
    write(now, { ...fault, is: 'on' });
    now += 1;
    const code = 1012;
    for (const { p } of clients) write(now, { f: 'close', p, code, words: 'This server restarts.', by: 'server' });
    for (const client of clients) client.open = false;
    now += 200;
    write(now, { ...fault, is: 'off', exit: { ms: 190, code: 0 } });
    now += 1;
    for (const client of clients) connect(client);
  }

  function probe({ p, user }: Client): void {
    const room = rooms.find(one => !one.in.has(user));
    if (!room) return;
    n += 1;
    const tried = { p, n, op: 'probe' as const, conv: room.conv };
    write(now, { f: 'invoke', ...tried });
    const words = 'There is no such conversation, or you are not in it.';
    write(now + 1, { f: 'fail', ...tried, code: 'conversation.unknown', words });
  }

  function step(client = random.pick(clients)): void {
    now += random.next() * 4;
    const mine = rooms.filter(room => room.in.has(client.user));
    if (!client.open || mine.length === 0) return;
    const room = random.pick(mine);
    const die = random.next();
    if (die < 0.6 || room.rows.length === 0) send(client, room, name('client'), name('text'));
    else if (die < 0.65) read(client, room);
    else if (die < 0.67) probe(client);
    else {
      const row = random.pick(room.rows.slice(-50));
      const gone = row.text === ''; // deleted, or a line of the server
      if (!gone) change(client, room, row, die < 0.8 ? 'edit' : die < 0.85 ? 'delete' : 'react');
    }
  }

  for (const client of clients) connect(client);
  for (const client of clients) {
    for (const { conv } of rooms) {
      if (rooms.find(room => room.conv === conv)?.in.has(client.user)) {
        write(client.t, { f: 'watch', p: client.p, conv, user: client.user });
      }
    }
  }
  while (written.length < atLeast) {
    for (let i = 0; i < 60; i += 1) step();
    cut(random.pick(clients), false);
    cut(random.pick(clients), true);
    for (let i = 0; i < 60; i += 1) step();
    takeOutAndIn(random.pick(rooms), 'user0');
    if (random.next() < 0.3) restart();
    else for (const frozen of [true, false]) cut(random.pick(clients), frozen);
  }
  for (const room of rooms) crash(random.pick(listeners(room)), room);
  takeOut(random.pick(rooms), 'user0');
  for (const client of clients) read(client, rooms.find(room => room.in.has(client.user)) ?? random.pick(rooms));
  for (let i = 0; i < 20; i += 1) step();

  now = Math.max(now, ...clients.map(client => client.t)) + 5_000;
  for (const { conv, rev, rows, in: members } of rooms) {
    const end = { f: 'final', conv, lastSeq: rows.length, rev } as const;
    write(now, { ...end, from: 'node a', how: 'paged', rows: [...rows] });
    write(now, { ...end, from: 'node a', how: 'changes', rows: rows.toSorted((a, b) => a.rev - b.rev) });
    for (const { p, user } of clients) {
      if (members.has(user)) write(now, { ...end, from: p, how: 'view', rows: rows.slice(-100) });
    }
  }
  write(now + 1, { f: 'ended' });
  written.sort((a, b) => a.t - b.t);
  return { entries: written };
}
