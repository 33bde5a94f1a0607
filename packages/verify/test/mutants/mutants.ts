import type { Cut, Load, Mutant } from './mutant.ts';

/** Few, so that a machine that others use, too, is no reason for anything. */
const clients = 14;
const calm: Load = { minutes: 0.3, clients, faults: [] };
/** Until somebody has come and gone some times, and strangers have tried every door. */
const calmForLonger: Load = { ...calm, minutes: 0.8 };
const linksBreak: Load = { ...calm, faults: ['cut-sockets', 'reconnect-storm'] };
const processesDie: Load = { ...calm, minutes: 0.6, faults: ['kill-node', 'kill-postgres'] };
/** Where little is said, nothing heals what was not told: the more such conversations, the better. */
const answersAreLost: Load = { minutes: 0.8, clients: 40, faults: ['cut-database'] };

const lane = 'server/src/store/lane.ts';
const hub = 'server/src/gateway/hub.ts';
const connection = 'server/src/gateway/connection.ts';
const marks = 'server/src/store/marks.ts';
const history = 'server/src/chat/history.ts';
const storing = 'server/src/store/migrations/0003-messages.sql';

/** Of those that an event goes to, so many do not get it. */
const dropped = (share: number): Cut => ({
  file: hub,
  find: 'if (seat !== asked && !except.includes(seat.actor.userId)) seat.hear(frame);',
  instead: `if (seat !== asked && !except.includes(seat.actor.userId) && Math.random() > ${share}) seat.hear(frame);`,
});

export const mutants: readonly Mutant[] = [
  {
    name: 'messages are acknowledged, and told, before their commit, which comes a tenth of a second later',
    cuts: [
      {
        file: lane,
        find: '    let outcomes: Outcome[];\n',
        instead: `    await connection.query('BEGIN');\n    let outcomes: Outcome[];\n`,
      },
      {
        file: lane,
        find: '      else w.resolve(outcome);\n    });\n',
        instead: `      else w.resolve(outcome);
    });
    await new Promise(later => setTimeout(later, 100));
    await connection.query('COMMIT');
`,
      },
      {
        file: 'server/src/store/append.ts', // a transaction does not survive the error by which the fast one knows a repeat
        find: `return await call(client, 'store_messages', batch);`,
        instead: `return await call(client, 'store_messages_carefully', batch);`,
      },
    ],
    load: processesDie,
    found: ['acknowledged message lost', 'two messages at one place'],
  },
  {
    name: 'a commit does not wait for the disk',
    cuts: [{ file: lane, find: `synchronous_commit: 'on'`, instead: `synchronous_commit: 'off'` }],
    load: { ...calm, faults: ['kill-postgres'] },
    found: ['acknowledged message lost', 'two messages at one place', 'acknowledged change lost'],
  },
  {
    name: 'what is done to a message is told, and answered, before its commit, which comes a tenth of a second later',
    cuts: [
      {
        file: lane,
        find: 'resolve(await inTransaction(connection, work, turnBegins));',
        instead: `resolve(await inTransaction(connection, async tx => {
              const done = await work(tx);
              if (!done?.present) return done; // of comings and goings a run itself reads at once whether they are there
              resolve(done);
              await new Promise(later => setTimeout(later, 100));
            }, turnBegins));`,
      },
    ],
    load: { ...processesDie, minutes: 0.8 },
    found: ['acknowledged change lost', 'one rev for two messages', 'one rev in two states', 'stale answer'],
  },
  {
    name: 'no look at the client id',
    cuts: [
      {
        file: 'server/src/store/migrations/0001-house.sql',
        find: 'CONSTRAINT messages_once UNIQUE (conversation_id, sender_id, client_id)',
        instead: 'CONSTRAINT messages_once UNIQUE (conversation_id, sender_id, client_id, id)',
      },
    ],
    load: calm,
    found: ['message stored twice'],
  },
  {
    name: 'two write in one conversation, and messages take their places without the lock of its head',
    cuts: [
      {
        file: 'server/src/store/store.ts',
        find: 'lanes[bucketOf(conversationId) % lanes.length] ?? first',
        instead: 'lanes[Math.floor(Math.random() * lanes.length)] ?? first',
      },
      {
        file: storing,
        find: `DECLARE v_at timestamptz;
BEGIN
  PERFORM 1 FROM conversation_heads WHERE conversation_id = ANY (p_conversation) ORDER BY conversation_id FOR UPDATE;
`,
        instead: 'DECLARE v_at timestamptz;\nBEGIN\n',
      },
    ],
    load: { ...calm, minutes: 0.6, faults: ['cut-database', 'cut-sockets'] },
    found: [
      'one rev for two messages',
      'one rev in two states',
      'order of a connection broken',
      'order of time broken',
    ],
  },
  {
    name: 'places are given out before the transaction that fills them, outside its lock',
    cuts: [
      {
        file: lane,
        find: '    let outcomes: Outcome[];\n',
        instead: `    for (const w of batch) {
      const raise = 'UPDATE conversation_heads SET last_seq = last_seq + 1 WHERE conversation_id = $1';
      await connection.query(raise, [w.message.conversationId]);
    }
    let outcomes: Outcome[];
`,
      },
      {
        file: storing,
        find: '(SELECT h.last_seq FROM conversation_heads h WHERE h.conversation_id = d.conversation_id) AS head_seq',
        instead: `(SELECT h.last_seq FROM conversation_heads h WHERE h.conversation_id = d.conversation_id)
             - (SELECT count(*) FROM unnest(p_conversation) c WHERE c = d.conversation_id) AS head_seq`,
      },
      { file: storing, find: 'SET last_seq = h.last_seq + g.n, rev =', instead: 'SET rev =' },
    ],
    load: calm,
    found: ['gap in the order'],
  },
  {
    name: 'an edit raises no rev',
    cuts: [
      {
        file: 'server/src/chat/change-message.ts',
        find: 'const message = await setText(tx, present, await nextRev(tx, conversationId), text, meant);',
        instead: 'const message = await setText(tx, present, present.rev, text, meant);',
      },
    ],
    load: calm,
    found: ['one rev in two states'],
  },
  {
    name: 'marks may fall',
    cuts: [
      {
        file: marks,
        find: 'greatest(m.read_seq, least(g.read_seq, h.last_seq))',
        instead: 'least(g.read_seq, h.last_seq)',
      },
      {
        file: marks,
        find: 'greatest(m.delivered_seq, least(greatest(g.delivered_seq, g.read_seq), h.last_seq))',
        instead: 'least(greatest(g.delivered_seq, g.read_seq), h.last_seq)',
      },
      {
        file: marks,
        find: 'SET read_seq = greatest(m.read_seq, g.read_seq), delivered_seq = greatest(m.delivered_seq, g.delivered_seq),',
        instead: 'SET read_seq = g.read_seq, delivered_seq = g.delivered_seq,',
      },
    ],
    load: calm,
    found: ['mark fell'],
  },
  {
    name: 'one event in a hundred is dropped, and clients do not look for gaps',
    cuts: [
      dropped(0.01),
      {
        file: 'verify/src/clients/rooms.ts',
        find: 'else if (rev === room.rev + 1) {',
        instead: 'else if (rev > room.rev) {',
      },
      { file: 'client/src/sync/log.ts', find: `  if (rev > log.rev + 1) return 'gap';\n`, instead: '' },
    ],
    load: calm,
    found: ['gap passed over'],
  },
  {
    name: 'one event in ten is dropped, and whoever compares counters is told of nothing new',
    cuts: [
      dropped(0.1),
      {
        file: 'server/src/store/states.ts',
        find: 'heads: rows.map(row => ({',
        instead: 'heads: rows.slice(0, 0).map(row => ({',
      },
    ],
    load: calm,
    found: ['client ends without a message', 'client ends with an old version'],
  },
  {
    name: 'sync leaves out one row in fifty',
    cuts: [
      {
        file: 'server/src/store/states.ts',
        find: '(row.messages ?? []).map(toMessage)',
        instead: '(row.messages ?? []).map(toMessage).filter(() => Math.random() > 0.02)',
      },
    ],
    load: linksBreak,
    found: ['answer incomplete'],
  },
  {
    name: 'nobody is told what became of a change whose answer was lost',
    cuts: [
      {
        file: 'server/src/serve.ts',
        find: 'settled: (tx, ids) => tellSettled({ bus, listeners: hub.listeners }, tx, ids),',
        instead: 'settled: async () => {},',
      },
    ],
    load: answersAreLost,
    // what no later change heals is there with the next comparison of counters: after half a minute, or after the end of the run
    found: [
      'client ends without a message',
      'client ends with an old version',
      'heard after removal',
      'change shown too late',
    ],
  },
  {
    name: 'who is taken out stays subscribed',
    cuts: [
      {
        file: hub,
        find: 'if (!watching.get(seat)?.has(told.conversationId)) remove(byConversation, told.conversationId, seat);',
        instead: '',
      },
    ],
    load: calmForLonger,
    found: ['heard after removal'],
  },
  {
    name: 'what is told to a conversation is told to everybody who is connected',
    cuts: [
      {
        file: hub,
        find: 'const seats = byConversation.get(conversationId);',
        instead: 'const seats = new Set(byId.values());',
      },
    ],
    load: calm,
    found: ['foreign conversation heard'],
  },
  {
    name: 'history without a look at membership',
    cuts: [
      {
        file: history,
        find: `  if (!(await mayRead(db, conversationId, actor.userId))) refuse('conversation.unknown', {});\n`,
        instead: '',
      },
      {
        file: history,
        find: `  if (!(await mayRead(chat.store.db, conversationId, actor.userId))) refuse('conversation.unknown', {});\n`,
        instead: '',
      },
    ],
    load: calmForLonger,
    found: ['foreign conversation answered', 'foreign conversation told apart'],
  },
  {
    name: 'messages are stored without a look at membership',
    cuts: [{ file: storing, find: 'WHERE p.role IS NOT NULL AND (', instead: 'WHERE (' }],
    load: calmForLonger,
    found: ['message of a stranger stored', 'foreign conversation answered'],
  },
  {
    name: 'connections are ended without a word',
    cuts: [
      {
        file: connection,
        find: `outlet.push(frameOf({ type: 'closing', code: close.code, message, ...wait }).websocket());`,
        instead: '',
      },
      {
        file: connection,
        find: 'ws.close(close.code, closeReason(words, retryAfterMs));',
        instead: 'ws.terminate();',
      },
    ],
    load: { ...calm, faults: ['token-expiry'] },
    found: ['silent end'],
  },
];

/** Under all that breaks beneath them, the one with which nothing is wrong is proved. */
export const control: Load = {
  minutes: 0.7,
  clients,
  faults: [...new Set(mutants.flatMap(({ load }) => load.faults))],
};
