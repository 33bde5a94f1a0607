import type { Event, Id, Notice, Rev } from '@carpenter/protocol';

/** The connection that asked for a change: it hears `ack` with its own `ref` where all others hear the event. */
export interface Origin {
  readonly seat: string;
  readonly ref?: string | undefined;
  /** Said with the `ack`. */
  readonly notices?: readonly Notice[];
}

/** What one node tells all nodes, itself included. Told only by the function that decided, after the commit. */
export type Told =
  /** To everybody in the conversation. */
  | {
      readonly to: 'conversation';
      readonly conversationId: Id;
      readonly event: Event;
      readonly origin?: Origin | undefined;
      /** People who do not hear it. */
      readonly except?: readonly Id[];
    }
  /** To all connections of these people. */
  | { readonly to: 'users'; readonly userIds: readonly Id[]; readonly event: Event }
  /** From now on these people hear what is told to the conversation. */
  | {
      readonly to: 'hub';
      readonly change: 'members.added';
      readonly conversationId: Id;
      readonly userIds: readonly Id[];
    }
  | { readonly to: 'hub'; readonly change: 'member.removed'; readonly conversationId: Id; readonly userId: Id }
  /** What connections of this login look at without following it. Of what they looked at before, only `among` is kept. */
  | {
      readonly to: 'hub';
      readonly change: 'watching';
      readonly sessionId: Id;
      /** This connection alone. */
      readonly seat?: string | undefined;
      readonly userId: Id;
      readonly among: readonly Id[];
      /** One more, that its person may read at this moment, and how far it has come. */
      readonly thread?: { readonly id: Id; readonly parentId: Id; readonly rev: Rev; readonly lastSeq: number };
    }
  /** Nobody hears these conversations any more. */
  | { readonly to: 'hub'; readonly change: 'conversations.deleted'; readonly conversationIds: readonly Id[] }
  /** Connections of this login end with `sessionEnded`; of all of this person's logins without `sessionId`. */
  | { readonly to: 'hub'; readonly change: 'session.ended'; readonly userId: Id; readonly sessionId?: Id };

/** Order is kept between two calls of one node. A listener never throws into the publisher. */
export interface Bus {
  publish(told: Told): void;
  listen(listener: (told: Told) => void): void;
  close(): Promise<void>;
}
