import type { Find } from './finding.ts';
import { byId, firstSeqOf, lastWordOf, nodesOf } from './last-word.ts';
import { type Ledger, type Message, nameOf, type Room, type Sent, type Try, upsert, type Version } from './ledger.ts';

/** What was acknowledged is there at once and in the end, as it was sent or last changed; what was refused is not. */
export function durable(ledger: Ledger, find: Find): number {
  const sent = new Map(ledger.sent.map(one => [nameOf(one), one]));
  const changes = changesIn(ledger);
  let tried = 0;
  for (const room of ledger.rooms.values()) {
    tried += kept(room, find);
    for (const message of room.messages.values()) wrote(room, message, sent, changes, find);
    lastChanges(room, sent, changes, find);
    for (const { conv, user, is, line } of room.untold) {
      const words = `${user} was ${is === 'in' ? 'brought in' : 'taken out'}, and the log did not tell of it then.`;
      find('acknowledged change missing', words, { conv }, line);
    }
    agree(room, find);
  }
  return tried;
}

/** Edits and deletions, by the message that they are of. */
type Changes = ReadonlyMap<string, Try[]>;
const placeOf = (conv: string, seq: number): string => `${conv} ${seq}`;

function changesIn({ tries }: Ledger): Changes {
  const changes = new Map<string, Try[]>();
  for (const tried of tries) {
    if ((tried.op !== 'edit' && tried.op !== 'delete') || tried.seq === undefined) continue;
    upsert(changes, placeOf(tried.conv, tried.seq), (): Try[] => []).push(tried);
  }
  return changes;
}

/** Whoever was shown a message, or had it acknowledged: every node has it in the end. */
function kept(room: Room, find: Find): number {
  const ends = nodesOf(room).map(final => ({ final, rows: byId(final.rows), from: firstSeqOf(final) }));
  if (ends.length === 0) {
    const [first] = room.messages.values();
    const version = first?.versions[0];
    if (version) find('conversation not read in the end', `Nobody asked a node for ${room.conv}.`, room, version.line);
    return 0;
  }
  const names = new Set(ends.flatMap(({ final }) => final.rows.map(row => nameOf({ conv: room.conv, ...row }))));
  for (const message of room.messages.values()) {
    const [version] = message.versions;
    if (!version) continue;
    const gone = ends.find(({ rows, from }) => version.seq >= from && !rows.has(message.id));
    if (!gone) continue;
    const ack = room.acked.get(message.id);
    const about = { conv: room.conv, clientId: version.clientId, seq: version.seq, id: message.id };
    if (names.has(nameOf({ conv: room.conv, ...version })) && !ends.some(({ rows }) => rows.has(message.id))) continue; // see once.ts
    const words = `${gone.final.from} (${gone.final.how}) does not have it in the end.`;
    if (ack) find('acknowledged message lost', words, about, ack, gone.final.line);
    else find('message shown, then lost', words, about, version.line, gone.final.line);
  }
  for (const { id, clientId, seq, line } of room.aside) {
    const gone = ends.find(({ rows, from }) => seq >= from && rows.get(id)?.seq !== seq);
    if (!gone || (room.messages.has(id) && !gone.rows.has(id))) continue; // told above
    const words = `${gone.final.from} does not have it in the end.`;
    find('acknowledged message lost', words, { conv: room.conv, clientId, seq, id }, line, gone.final.line);
  }
  return room.acked.size;
}

/** Every text that was ever seen was written by somebody, and not refused. */
function wrote(room: Room, message: Message, sent: ReadonlyMap<string, Sent>, changes: Changes, find: Find): void {
  const seqs = new Set(message.versions.map(({ seq }) => seq));
  const ofIt = [...seqs].flatMap(seq => changes.get(placeOf(room.conv, seq)) ?? []);
  for (const version of message.versions) {
    const { seq, text, clientId, id, line } = version;
    const about = { conv: room.conv, clientId, seq, id };
    const tries = sent.get(nameOf({ conv: room.conv, ...version }))?.tries;
    if (!tries) {
      // lines of the server itself have no text
      if (text !== '') find('message that nobody sent', `${version.by} was shown it.`, about, line);
      continue;
    }
    const refused = tries.find(tried => tried.outcome?.is === 'fail');
    if (refused && tries.every(tried => tried.outcome?.is === 'fail')) {
      find('refused message stored', `It was refused as ${refused.outcome?.code}.`, about, refused.outcome?.line, line);
      return;
    }
    if (tries.some(tried => tried.text === text)) continue;
    if (ofIt.some(change => change.outcome?.is !== 'fail' && textOf(change) === text)) continue;
    const no = ofIt.find(change => textOf(change) === text);
    if (no) find('refused change happened', `It was refused as ${no.outcome?.code}.`, about, no.outcome?.line, line);
    else find('text that nobody wrote', `${version.by} was shown it.`, about, tries[0]?.line, line);
    return;
  }
}

const textOf = (change: Try): string => (change.op === 'delete' ? '' : (change.text ?? ''));

/** The last acknowledged edit or deletion counts, unless one whose outcome nobody knows came after it. */
function lastChanges(room: Room, sent: ReadonlyMap<string, Sent>, changes: Changes, find: Find): void {
  const final = lastWordOf(room);
  for (const row of final?.rows ?? []) {
    const newest = room.changed.get(row.id);
    const about = { conv: room.conv, seq: row.seq, id: row.id, clientId: row.clientId };
    if (newest && newest.rev > row.rev) {
      find(
        'acknowledged change lost',
        `It had rev ${newest.rev}, and has ${row.rev}.`,
        about,
        newest.line,
        final?.line,
      );
      continue;
    }
    const ofIt = changes.get(placeOf(room.conv, row.seq));
    const acked = ofIt?.filter(change => change.outcome?.is === 'ok' && change.outcome.version);
    const last = acked?.reduce<Version | undefined>((a, { outcome }) => later(a, outcome?.version), undefined);
    if (!ofIt || !last || row.text === last.text) continue;
    const deleted = acked?.some(change => change.op === 'delete');
    if (!deleted && ofIt.some(change => !change.outcome?.version && textOf(change) === row.text)) continue;
    if (!sent.has(nameOf({ conv: room.conv, ...row }))) continue;
    find('acknowledged change lost', 'Its text in the end is an earlier one.', about, last.line, final?.line);
  }
}

/** By paging or by changes, from whichever node: in the end all say the same. */
function agree(room: Room, find: Find): void {
  const [first, ...others] = nodesOf(room);
  const rows = byId(first?.rows ?? []);
  for (const { from, how, line, rows: theirs } of others) {
    for (const { id, seq, clientId, rev } of theirs) {
      const row = rows.get(id);
      if (!first || !row || row.rev === rev) continue;
      const words = `${first.from} (${first.how}) ends with rev ${row.rev}, ${from} (${how}) with ${rev}.`;
      find('nodes disagree', words, { conv: room.conv, id, seq, clientId }, first.line, line);
    }
  }
}

const later = (a: Version | undefined, b: Version | undefined): Version | undefined =>
  a && b ? (b.rev > a.rev ? b : a) : (a ?? b);
