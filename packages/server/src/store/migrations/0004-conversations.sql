-- Channels, roles, invite links, how each member keeps a conversation, blocks and reports.

ALTER TABLE conversations
  ADD COLUMN visibility text CHECK (visibility IN ('public', 'private')),
  ADD COLUMN writers text CHECK (writers = 'moderators'),
  ADD COLUMN everybody boolean NOT NULL DEFAULT false, -- accounts come into it when they are made
  ADD COLUMN archived_at timestamptz,
  ADD COLUMN deleted_at timestamptz,                   -- nobody is in it any more; its content is swept
  DROP CONSTRAINT conversations_type_check,
  DROP CONSTRAINT conversations_check1,
  ADD CONSTRAINT conversations_type_check CHECK (type IN ('direct', 'group', 'channel', 'thread')),
  ADD CONSTRAINT conversations_name_check CHECK ((type IN ('group', 'channel')) = (name IS NOT NULL)),
  ADD CONSTRAINT conversations_channel_check CHECK ((type = 'channel') = (visibility IS NOT NULL));
-- Public channels are told apart by their names, and listed by them.
CREATE UNIQUE INDEX conversations_public ON conversations (lower(name) COLLATE "C")
  WHERE visibility = 'public' AND deleted_at IS NULL;
CREATE INDEX conversations_everybody ON conversations (id) WHERE everybody;
CREATE INDEX conversations_deleted ON conversations (id) WHERE deleted_at IS NOT NULL;

-- Roles that may write; null: all of them. Looked at under the lock that every message takes (0003).
ALTER TABLE conversation_heads ADD COLUMN writers text[];

ALTER TABLE members
  DROP CONSTRAINT members_role_check,
  ADD CONSTRAINT members_role_check CHECK (role IN ('owner', 'admin', 'moderator', 'member', 'guest')),
  ADD COLUMN notify text CHECK (notify IN ('all', 'mentions', 'nothing')),
  ADD COLUMN muted_until timestamptz,
  ADD COLUMN keywords text[],
  ADD COLUMN pinned double precision,
  ADD COLUMN archived boolean NOT NULL DEFAULT false,
  ADD COLUMN folder text,
  ADD COLUMN settings_rev int NOT NULL DEFAULT 0; -- changes of the six above

ALTER TABLE users
  DROP CONSTRAINT users_role_check,
  ADD CONSTRAINT users_role_check CHECK (role IN ('owner', 'member', 'guest')),
  ADD COLUMN welcomed_at timestamptz; -- when they came into the conversations of everybody

CREATE TABLE invites (
  id uuid PRIMARY KEY,
  code text COLLATE "C" NOT NULL UNIQUE,
  role text NOT NULL CHECK (role IN ('admin', 'moderator', 'member', 'guest')),
  created_by uuid NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz,
  max_uses int,
  uses int NOT NULL DEFAULT 0,
  withdrawn_at timestamptz
);
CREATE TABLE invite_conversations (
  invite_id uuid NOT NULL REFERENCES invites ON DELETE CASCADE,
  conversation_id uuid NOT NULL,
  PRIMARY KEY (invite_id, conversation_id)
);
CREATE INDEX invite_conversations_of ON invite_conversations (conversation_id, invite_id DESC);

CREATE TABLE blocks (
  user_id uuid NOT NULL,
  blocked_id uuid NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (user_id, blocked_id)
);

CREATE TABLE reports (
  id uuid PRIMARY KEY,
  conversation_id uuid NOT NULL,
  seq bigint NOT NULL,
  sender_id uuid NOT NULL,
  reported_by uuid NOT NULL,
  reason text NOT NULL,
  text text NOT NULL,
  context jsonb NOT NULL,      -- the message and what stood around it, as it was then
  created_at timestamptz NOT NULL DEFAULT now(),
  resolved_at timestamptz,
  resolved_by uuid,
  outcome text CHECK (outcome IN ('acted', 'dismissed')),
  UNIQUE (conversation_id, seq, reported_by)
);
CREATE INDEX reports_open ON reports (id DESC) WHERE resolved_at IS NULL;
CREATE INDEX reports_resolved ON reports (id DESC) WHERE resolved_at IS NOT NULL;
