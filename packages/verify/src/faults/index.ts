import { clockJump } from './clock-jump.ts';
import { cutDatabase } from './cut-database.ts';
import { cutSockets } from './cut-sockets.ts';
import { diskFull } from './disk-full.ts';
import type { Fault } from './fault.ts';
import { freezeNode } from './freeze-node.ts';
import { killNode } from './kill-node.ts';
import { killPostgres } from './kill-postgres.ts';
import { poolStarved } from './pool-starved.ts';
import { reconnectStorm } from './reconnect-storm.ts';
import { restartNode } from './restart-node.ts';
import { restartPostgres } from './restart-postgres.ts';
import { slowReaders } from './slow-readers.ts';
import { tokenExpiry } from './token-expiry.ts';

export const faults: readonly Fault[] = [
  killNode,
  restartNode,
  killPostgres,
  restartPostgres,
  cutSockets,
  cutDatabase,
  freezeNode,
  slowReaders,
  clockJump,
  diskFull,
  poolStarved,
  tokenExpiry,
  reconnectStorm,
];
