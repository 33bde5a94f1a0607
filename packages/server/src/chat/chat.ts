import type { Limits } from '@carpenter/protocol';
import type { Allowances } from '../auth/allowances.ts';
import type { Limiter } from '../auth/limiter.ts';
import type { Bus } from '../bus/bus.ts';
import type { Pressure } from '../pressure.ts';
import type { Following } from '../store/aside.ts';
import type { Store } from '../store/store.ts';
import type { InOrder } from './in-order.ts';
import type { Presences } from './presence.ts';
import type { Questions } from './questions.ts';
import type { Retold } from './retold.ts';

/** What a rule needs. Rules are functions of it, the actor, and the input; they throw `Refusal`s only. */
export interface Chat {
  readonly store: Store;
  readonly bus: Bus;
  readonly limits: Limits;
  readonly presences: Presences;
  /** What fills the search index. */
  readonly indexing: Following;
  /** Sends and edits of one person in one conversation, and what is told of whom one has blocked. */
  readonly inOrder: InOrder;
  readonly questions: Questions;
  /** By person and conversation. */
  readonly typingSigns: Limiter;
  readonly retold: Retold;
  /** While this node answers late, nobody is told of typing. */
  readonly pressure: Pressure;
  readonly allowances: Allowances;
}
