-- What people set and keep for themselves: profile and status, drafts, bookmarks, messages for later.

-- Known keys are checked from here on; nothing before this wrote them, but for programs that chose the same names.
UPDATE users SET preferences = preferences - '{theme,density,textSize,language,clock,weekStart,sendKey,motion,linkPreviews,
readReceipts,lastSeen,announce,singleKeys,sounds,notify,notifyPreview,keywords,doNotDisturbUntil,doNotDisturbHours}'::text[];

ALTER TABLE users
  ADD COLUMN pronouns text,
  ADD COLUMN time_zone text,
  ADD COLUMN about text,
  -- two preferences that statements look at
  ADD COLUMN hides_reading boolean NOT NULL GENERATED ALWAYS AS (coalesce(preferences->>'readReceipts', '') = 'false') STORED,
  ADD COLUMN hides_last_seen boolean NOT NULL GENERATED ALWAYS AS (coalesce(preferences->>'lastSeen', '') = 'false') STORED;

-- How far somebody has read, as `viewer` may know it: 0 where one of the two keeps that private, and where what is read
-- goes to everybody.
CREATE FUNCTION shown_read_seq(p_owner uuid, p_read_seq bigint, p_viewer uuid) RETURNS bigint LANGUAGE sql STABLE AS $$
  SELECT CASE
    WHEN p_owner = p_viewer THEN p_read_seq
    WHEN p_viewer IS NULL OR EXISTS (SELECT 1 FROM users u WHERE u.id IN (p_owner, p_viewer) AND u.hides_reading) THEN 0
    ELSE p_read_seq END
$$;

CREATE TABLE custom_statuses (
  user_id uuid PRIMARY KEY REFERENCES users ON DELETE CASCADE,
  text text NOT NULL,
  emoji text,
  until timestamptz
);
CREATE INDEX custom_statuses_ending ON custom_statuses (until) WHERE until IS NOT NULL;

-- One row per person and conversation in which they ever left something unsent. An empty one stays, so that an older
-- draft of another device does not come back.
CREATE TABLE drafts (
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  conversation_id uuid NOT NULL,
  text text NOT NULL,
  reply_to bigint,
  attachments uuid[],
  written_at timestamptz NOT NULL,
  PRIMARY KEY (user_id, conversation_id)
);
CREATE INDEX drafts_written ON drafts (user_id, written_at DESC, conversation_id DESC)
  WHERE text <> '' OR reply_to IS NOT NULL OR attachments IS NOT NULL;

CREATE TABLE bookmarks (
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  conversation_id uuid NOT NULL,
  seq bigint NOT NULL,
  note text,
  created_at timestamptz NOT NULL DEFAULT now(),
  done_at timestamptz,
  PRIMARY KEY (user_id, conversation_id, seq)
);
CREATE INDEX bookmarks_to_do ON bookmarks (user_id, created_at DESC, conversation_id DESC, seq DESC) WHERE done_at IS NULL;
CREATE INDEX bookmarks_done ON bookmarks (user_id, done_at DESC, conversation_id DESC, seq DESC) WHERE done_at IS NOT NULL;

CREATE TABLE scheduled (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  conversation_id uuid NOT NULL,
  client_id uuid NOT NULL, -- fixed: whichever node sends it, and however often it tries, it is stored once
  plan jsonb NOT NULL,     -- what is sent, as the protocol has it
  send_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  failure jsonb            -- code and words; such a one waits for its sender
);
CREATE INDEX scheduled_due ON scheduled (send_at) WHERE failure IS NULL;
CREATE INDEX scheduled_of_user ON scheduled (user_id, send_at, id);
