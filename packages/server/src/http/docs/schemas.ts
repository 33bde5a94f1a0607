import * as protocol from '@carpenter/protocol';
import { z } from 'zod';

/** JSON Schema, as far as we look into it. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly [other: string]: unknown;
}

// What has a name in the documentation instead of being repeated wherever it occurs.
const named = {
  Id: protocol.id,
  Metadata: protocol.metadata,
  Rev: protocol.rev,
  Seq: protocol.seq,
  Time: protocol.time,
  Bookmark: protocol.bookmark,
  Changes: protocol.changes,
  Conversation: protocol.conversation,
  ConversationState: protocol.conversationState,
  CustomStatus: protocol.customStatus,
  Draft: protocol.draft,
  Head: protocol.head,
  Heads: protocol.heads,
  Limits: protocol.limits,
  Me: protocol.me,
  Member: protocol.member,
  Message: protocol.message,
  MessagePage: protocol.messagePage,
  Mine: protocol.mine,
  Preferences: protocol.preferences,
  Presence: protocol.presence,
  Problem: protocol.problem,
  Receipt: protocol.receipt,
  Scheduled: protocol.scheduled,
  Session: protocol.session,
  SystemEvent: protocol.systemEvent,
  Unsent: protocol.unsent,
  User: protocol.user,
  Version: protocol.versionAnswer,
  Event: protocol.event,
  Command: protocol.command,
} satisfies Record<string, z.ZodType>;

const registry = z.registry<{ id: string }>();
for (const [name, schema] of Object.entries(named)) registry.add(schema, { id: name });

/** Turns schemas into JSON Schema; those with a name become references into `#/components/schemas`, collected in `all`. */
export function createSchemas() {
  const all: Record<string, JsonSchema> = {};
  /** @param io  input: what may be sent · output: what comes out, defaults filled in, text turned into numbers */
  function of(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
    const { $schema: _, $defs = {}, ...rest } = toJson(schema, io);
    for (const [name, one] of Object.entries($defs)) all[name] ??= one;
    return rest;
  }
  return { all, of };
}
export type Schemas = ReturnType<typeof createSchemas>;

function toJson(schema: z.ZodType, io: 'input' | 'output'): JsonSchema & { $defs?: Record<string, JsonSchema> } {
  const made = z.toJSONSchema(schema, {
    metadata: registry,
    io,
    unrepresentable: 'any',
    override({ jsonSchema }) {
      if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties; // more fields may come
      if (jsonSchema.format) delete jsonSchema.pattern; // says the same, in 200 characters
    },
  });
  // Free JSON is the one thing that contains itself, and has no name of its own.
  const text = JSON.stringify(made).replaceAll('__schema0', 'Json');
  return JSON.parse(text.replaceAll('"#/$defs/', '"#/components/schemas/'));
}
