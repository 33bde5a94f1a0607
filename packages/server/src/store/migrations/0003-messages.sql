-- What people do with messages: answer, react, pin, vote, mention, forward, talk in threads. All of it is null in most messages
-- and costs a row nothing then.

ALTER TABLE messages
  ADD COLUMN reply_to bigint,
  ADD COLUMN mentions text[],      -- user ids, 'here', 'all': never a row per member
  ADD COLUMN attachments jsonb,
  ADD COLUMN forwarded jsonb,
  ADD COLUMN poll jsonb,           -- options with counts and the first who chose them; who else: poll_votes
  ADD COLUMN reactions jsonb,      -- likewise; who else: reactions
  ADD COLUMN pinned_at timestamptz,
  ADD COLUMN pinned_by uuid,
  ADD COLUMN thread jsonb,         -- on a root: what its thread has come to
  ADD COLUMN from_thread jsonb,
  ADD COLUMN preview jsonb;
CREATE INDEX messages_mentioning ON messages (conversation_id, seq) WHERE mentions IS NOT NULL;
CREATE INDEX messages_pinned ON messages (conversation_id, pinned_at) WHERE pinned_at IS NOT NULL;

-- A thread is a conversation whose parent is a message. It lives in its parent's bucket, so one transaction can write both.
ALTER TABLE conversations
  ADD COLUMN parent_id uuid,
  ADD COLUMN parent_seq bigint,
  DROP CONSTRAINT conversations_type_check,
  ADD CONSTRAINT conversations_type_check CHECK (type IN ('direct', 'group', 'thread')),
  ADD CONSTRAINT conversations_parent_check CHECK ((type = 'thread') = (parent_id IS NOT NULL AND parent_seq IS NOT NULL));
CREATE UNIQUE INDEX conversations_thread ON conversations (parent_id, parent_seq) WHERE parent_id IS NOT NULL;

-- What an edited message said before.
CREATE TABLE message_edits (
  conversation_id uuid NOT NULL,
  seq bigint NOT NULL,
  rev bigint NOT NULL,             -- of the edit that replaced it
  text text NOT NULL,
  at timestamptz NOT NULL,         -- since when it said so
  PRIMARY KEY (conversation_id, seq, rev)
);

CREATE TABLE reactions (
  conversation_id uuid NOT NULL,
  seq bigint NOT NULL,
  emoji text COLLATE "C" NOT NULL,
  user_id uuid NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (conversation_id, seq, emoji, user_id)
);
CREATE INDEX reactions_in_order ON reactions (conversation_id, seq, emoji, at, user_id);
CREATE INDEX reactions_mine ON reactions (conversation_id, user_id, seq);

CREATE TABLE poll_votes (
  conversation_id uuid NOT NULL,
  seq bigint NOT NULL,
  option int NOT NULL,
  user_id uuid NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (conversation_id, seq, option, user_id)
);
CREATE INDEX poll_votes_in_order ON poll_votes (conversation_id, seq, option, at, user_id);
CREATE INDEX poll_votes_mine ON poll_votes (conversation_id, user_id, seq);

CREATE FUNCTION text_array(list jsonb) RETURNS text[] LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE WHEN list IS NOT NULL THEN ARRAY(SELECT jsonb_array_elements_text(list)) END $$;

-- The group commit once more, now with what a message may carry beside its text: one JSON value a message, null in most.
DROP FUNCTION store_messages;
CREATE FUNCTION store_messages(
  p_conversation uuid[], p_sender uuid[], p_client uuid[], p_id uuid[], p_text text[], p_sent timestamptz[], p_metadata text[],
  p_extra text[]
) RETURNS TABLE (place int, seq bigint, rev bigint, at_ms bigint)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE v_at timestamptz;
BEGIN
  PERFORM 1 FROM conversation_heads WHERE conversation_id = ANY (p_conversation) ORDER BY conversation_id FOR UPDATE;
  v_at := date_trunc('milliseconds', clock_timestamp());
  RETURN QUERY
  WITH probe AS MATERIALIZED (
    -- scalar subqueries: one index probe a row, whatever the planner thinks of the tables' sizes
    SELECT d.*, d.extra_text::jsonb AS extra,
           (SELECT h.last_seq FROM conversation_heads h WHERE h.conversation_id = d.conversation_id) AS head_seq,
           (SELECT h.rev FROM conversation_heads h WHERE h.conversation_id = d.conversation_id) AS head_rev,
           (SELECT h.writers FROM conversation_heads h WHERE h.conversation_id = d.conversation_id) AS writers,
           (SELECT m.role FROM members m WHERE m.conversation_id = d.conversation_id AND m.user_id = d.sender_id) AS role
      FROM unnest(p_conversation, p_sender, p_client, p_id, p_text, p_sent, p_metadata, p_extra) WITH ORDINALITY
           AS d(conversation_id, sender_id, client_id, id, text, sent_at, metadata, extra_text, place)
  ), fresh AS MATERIALIZED (
    SELECT p.*, row_number() OVER (PARTITION BY p.conversation_id ORDER BY p.place) AS k FROM probe p
     WHERE p.role IS NOT NULL AND (p.writers IS NULL OR p.role = ANY (p.writers)) -- writers: 0004
  ), raised AS (
    UPDATE conversation_heads h
       SET last_seq = h.last_seq + g.n, rev = h.rev + g.n, last_message_at = v_at, changed_at = v_at
      FROM (SELECT conversation_id, count(*) AS n FROM fresh GROUP BY conversation_id) g
     WHERE h.conversation_id = g.conversation_id AND h.conversation_id = ANY (p_conversation)
  ), stored AS (
    INSERT INTO messages (conversation_id, seq, rev, id, client_id, sender_id, text, metadata, sent_at, created_at,
                          reply_to, mentions, attachments, forwarded, poll, from_thread, preview)
    SELECT conversation_id, head_seq + k, head_rev + k, id, client_id, sender_id, text, metadata::jsonb, sent_at, v_at,
           (extra->>'reply_to')::bigint, text_array(extra->'mentions'), extra->'attachments', extra->'forwarded', extra->'poll',
           extra->'from_thread', extra->'preview'
      FROM fresh
  )
  SELECT f.place::int, f.head_seq + f.k, f.head_rev + f.k, (extract(epoch FROM v_at) * 1000)::bigint FROM fresh f;
END $$;

DROP FUNCTION store_messages_carefully;
CREATE FUNCTION store_messages_carefully(
  p_conversation uuid[], p_sender uuid[], p_client uuid[], p_id uuid[], p_text text[], p_sent timestamptz[], p_metadata text[],
  p_extra text[]
) RETURNS TABLE (place int, seq bigint, rev bigint, at_ms bigint, known boolean)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE v_at timestamptz; v_head conversation_heads; v_row messages; v_extra jsonb;
BEGIN
  PERFORM 1 FROM conversation_heads WHERE conversation_id = ANY (p_conversation) ORDER BY conversation_id FOR UPDATE;
  v_at := date_trunc('milliseconds', clock_timestamp());
  FOR i IN 1 .. array_length(p_conversation, 1) LOOP
    SELECT * INTO v_head FROM conversation_heads h WHERE h.conversation_id = p_conversation[i];
    CONTINUE WHEN NOT EXISTS (
      SELECT 1 FROM members m WHERE m.conversation_id = p_conversation[i] AND m.user_id = p_sender[i]
         AND (v_head.writers IS NULL OR m.role = ANY (v_head.writers)));
    v_extra := p_extra[i]::jsonb;
    INSERT INTO messages AS m (conversation_id, seq, rev, id, client_id, sender_id, text, metadata, sent_at, created_at,
                               reply_to, mentions, attachments, forwarded, poll, from_thread, preview)
    VALUES (p_conversation[i], v_head.last_seq + 1, v_head.rev + 1, p_id[i], p_client[i], p_sender[i], p_text[i],
            p_metadata[i]::jsonb, p_sent[i], v_at,
            (v_extra->>'reply_to')::bigint, text_array(v_extra->'mentions'), v_extra->'attachments', v_extra->'forwarded',
            v_extra->'poll', v_extra->'from_thread', v_extra->'preview')
    ON CONFLICT ON CONSTRAINT messages_once DO UPDATE SET client_id = m.client_id
    RETURNING * INTO v_row;
    IF v_row.id = p_id[i] THEN
      UPDATE conversation_heads h
         SET last_seq = v_row.seq, rev = v_row.rev, last_message_at = v_at, changed_at = v_at
       WHERE h.conversation_id = p_conversation[i];
    END IF;
    place := i; seq := v_row.seq; rev := v_row.rev; known := v_row.id <> p_id[i];
    at_ms := (extract(epoch FROM v_row.created_at) * 1000)::bigint;
    RETURN NEXT;
  END LOOP;
END $$;
