-- Telling people of what they have not seen: devices that take pushes, what was decided and why, what could not be delivered.

-- Signs pushes, so that a push service knows who sends. Made at the first start, the same for ever: devices ask for it by name.
CREATE TABLE push_keys (
  public_key text NOT NULL,
  private_key text NOT NULL,
  only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one)
);

-- A browser that takes pushes, as long as the login lasts in which it asked for them.
CREATE TABLE push_subscriptions (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  session_id uuid NOT NULL REFERENCES auth_sessions ON DELETE CASCADE,
  endpoint text COLLATE "C" NOT NULL UNIQUE,
  p256dh text NOT NULL,
  auth text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  told_at timestamptz,             -- last push that its service took
  trouble text                     -- why the last one was not taken, in words
);
CREATE INDEX push_subscriptions_of ON push_subscriptions (user_id);

-- What was decided of a message: by person, for those who were told and those whom it mentions; at most 200 of them. One row a
-- message, and none where nobody was told: the rest can be worked out again.
CREATE TABLE notified (
  conversation_id uuid NOT NULL,
  seq bigint NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  decisions jsonb NOT NULL,
  PRIMARY KEY (conversation_id, seq)
);
CREATE INDEX notified_at ON notified (at);

-- The newest message of a conversation that stands on somebody's screen as a notification, until they read it somewhere.
CREATE TABLE pushed (
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  conversation_id uuid NOT NULL,
  seq bigint NOT NULL,
  PRIMARY KEY (user_id, conversation_id)
);

-- Deliveries that failed: tried again until they succeed (and their row goes), are not needed any more (likewise), or a day is over.
CREATE TABLE deliveries (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  over text NOT NULL CHECK (over IN ('push', 'email')),
  subscription_id uuid REFERENCES push_subscriptions ON DELETE SET NULL,
  device text NOT NULL,            -- what people call it
  conversation_id uuid,
  seq bigint,
  sender_id uuid,
  attempts int NOT NULL DEFAULT 1,
  last_error text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  next_try timestamptz,            -- null: given up
  given_up_at timestamptz,
  CHECK ((next_try IS NULL) = (given_up_at IS NOT NULL))
);
CREATE INDEX deliveries_due ON deliveries (next_try) WHERE next_try IS NOT NULL;
-- One wait for each device and conversation: a service that is away for a day does not fill the table.
CREATE UNIQUE INDEX deliveries_waiting ON deliveries (subscription_id, conversation_id) WHERE next_try IS NOT NULL;
CREATE INDEX deliveries_of_message ON deliveries (conversation_id, seq);
CREATE INDEX deliveries_given_up ON deliveries (given_up_at) WHERE given_up_at IS NOT NULL;

-- Where somebody wants to hear by mail of what they missed. Nothing is sent there before the address was confirmed.
CREATE TABLE email_addresses (
  user_id uuid PRIMARY KEY REFERENCES users ON DELETE CASCADE,
  address text NOT NULL,
  every_hours int NOT NULL,
  code_hash bytea,                 -- null: confirmed
  code_tries int NOT NULL DEFAULT 0,
  code_at timestamptz NOT NULL DEFAULT now(),
  looked_at timestamptz NOT NULL DEFAULT now(), -- what was missed before this was told, or was not missed
  CHECK (every_hours IN (1, 24))
);
CREATE INDEX email_addresses_due ON email_addresses (looked_at) WHERE code_hash IS NULL;

-- What pages said of themselves, for a while; null: nothing, or they could not be reached.
CREATE TABLE link_previews (
  url text COLLATE "C" PRIMARY KEY,
  preview jsonb,
  fetched_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL
);
CREATE INDEX link_previews_expired ON link_previews (expires_at);
