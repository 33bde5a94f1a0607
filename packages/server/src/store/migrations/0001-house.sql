-- The whole first storey. Everything that a conversation owns carries conversation_id in its keys, so that
-- conversations can later be spread over partitions or servers without a rewrite (docs/architecture.md).

CREATE TABLE installation (
  id uuid NOT NULL,            -- renewed by a restore: counters handed out twice belong to another epoch
  only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one)
);
INSERT INTO installation (id) VALUES (gen_random_uuid());

CREATE TABLE users (
  id uuid PRIMARY KEY,
  username text COLLATE "C" NOT NULL UNIQUE CHECK (username ~ '^[a-z0-9_.-]{3,32}$'),
  display_name text NOT NULL,
  role text NOT NULL CHECK (role IN ('owner', 'member')),
  preferences jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now(),
  suspended_at timestamptz
);
CREATE UNIQUE INDEX users_one_owner ON users (role) WHERE role = 'owner';

CREATE TABLE credentials (
  user_id uuid PRIMARY KEY REFERENCES users ON DELETE CASCADE,
  password_hash text NOT NULL, -- PHC string, argon2id
  changed_at timestamptz NOT NULL DEFAULT now()
);

-- One row a login. The refresh token is derived from (id, generation) and a key that is not in the database,
-- so a copy of this table opens nothing.
CREATE TABLE auth_sessions (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  device text NOT NULL,
  generation int NOT NULL DEFAULT 1,
  refreshed_at timestamptz NOT NULL DEFAULT now(),
  created_at timestamptz NOT NULL DEFAULT now(),
  ended_at timestamptz,
  ended_because text CHECK (ended_because IN ('logout', 'ended', 'reuse', 'suspended', 'expired'))
);
CREATE INDEX auth_sessions_live ON auth_sessions (user_id) WHERE ended_at IS NULL;

CREATE TABLE conversations (
  id uuid PRIMARY KEY,
  type text NOT NULL CHECK (type IN ('direct', 'group')),
  name text,
  topic text,
  direct_key text COLLATE "C" UNIQUE, -- both user ids, smaller first: a direct conversation of two people exists once
  member_count int NOT NULL,
  meta_rev bigint NOT NULL,           -- rev of the last change of this row or its members
  created_by uuid NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  metadata jsonb NOT NULL DEFAULT '{}',
  CHECK ((type = 'direct') = (direct_key IS NOT NULL)),
  CHECK ((type = 'group') = (name IS NOT NULL))
);

-- The narrow row that every durable change locks: the order of commits is the order of seq and rev.
-- No second index and free room on the page, so that its updates stay HOT.
CREATE TABLE conversation_heads (
  conversation_id uuid PRIMARY KEY,
  last_seq bigint NOT NULL DEFAULT 0,
  rev bigint NOT NULL DEFAULT 0,
  last_message_at timestamptz NOT NULL DEFAULT now(),
  changed_at timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 70);

CREATE TABLE members (
  conversation_id uuid NOT NULL,
  user_id uuid NOT NULL,
  role text NOT NULL CHECK (role IN ('owner', 'admin', 'member')),
  joined_at timestamptz NOT NULL DEFAULT now(),
  read_seq bigint NOT NULL DEFAULT 0,
  delivered_seq bigint NOT NULL DEFAULT 0,
  unread_from bigint,
  marked_at timestamptz NOT NULL DEFAULT now(), -- last change of the three above
  PRIMARY KEY (conversation_id, user_id)
) WITH (fillfactor = 80);
CREATE INDEX members_of_user ON members (user_id, conversation_id);

CREATE TABLE messages (
  conversation_id uuid NOT NULL,
  seq bigint NOT NULL,
  rev bigint NOT NULL,
  id uuid NOT NULL,
  client_id uuid NOT NULL,
  sender_id uuid NOT NULL,
  type text NOT NULL DEFAULT 'text' CHECK (type IN ('text', 'system')),
  text text NOT NULL,
  system jsonb,
  metadata jsonb,
  sent_at timestamptz,
  created_at timestamptz NOT NULL,
  edited_at timestamptz,
  deleted_at timestamptz,
  PRIMARY KEY (conversation_id, seq),
  CONSTRAINT messages_once UNIQUE (conversation_id, sender_id, client_id)
);
CREATE INDEX messages_changed ON messages (conversation_id, rev);

CREATE TABLE presence (
  user_id uuid PRIMARY KEY,
  status text NOT NULL CHECK (status IN ('online', 'away', 'dnd', 'offline')),
  last_seen_at timestamptz NOT NULL
);
