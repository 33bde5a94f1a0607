-- The group commit: a batch of messages of many conversations in one call, one round trip, one commit.
-- Each statement inside takes a fresh snapshot after the lock, so membership is what it is at that moment:
-- nobody slips in after a removal, whichever node removed them.
-- Answers one row a stored message: its place in the batch, seq, rev and time. A place that does not come back: not a member.

-- The fast one does not look for duplicates: a repeated (conversation, sender, client id) breaks messages_once,
-- the batch fails as a whole and goes through the careful one below.
CREATE FUNCTION store_messages(
  p_conversation uuid[], p_sender uuid[], p_client uuid[], p_id uuid[], p_text text[], p_sent timestamptz[], p_metadata text[]
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
    SELECT d.*,
           (SELECT h.last_seq FROM conversation_heads h WHERE h.conversation_id = d.conversation_id) AS head_seq,
           (SELECT h.rev FROM conversation_heads h WHERE h.conversation_id = d.conversation_id) AS head_rev,
           (SELECT true FROM members m WHERE m.conversation_id = d.conversation_id AND m.user_id = d.sender_id) AS may
      FROM unnest(p_conversation, p_sender, p_client, p_id, p_text, p_sent, p_metadata) WITH ORDINALITY
           AS d(conversation_id, sender_id, client_id, id, text, sent_at, metadata, place)
  ), fresh AS MATERIALIZED (
    SELECT p.*, row_number() OVER (PARTITION BY p.conversation_id ORDER BY p.place) AS k FROM probe p WHERE p.may
  ), raised AS (
    UPDATE conversation_heads h
       SET last_seq = h.last_seq + g.n, rev = h.rev + g.n, last_message_at = v_at, changed_at = v_at
      FROM (SELECT conversation_id, count(*) AS n FROM fresh GROUP BY conversation_id) g
     WHERE h.conversation_id = g.conversation_id AND h.conversation_id = ANY (p_conversation)
  ), stored AS (
    INSERT INTO messages (conversation_id, seq, rev, id, client_id, sender_id, text, metadata, sent_at, created_at)
    SELECT conversation_id, head_seq + k, head_rev + k, id, client_id, sender_id, text, metadata::jsonb, sent_at, v_at FROM fresh
  )
  SELECT f.place::int, f.head_seq + f.k, f.head_rev + f.k, (extract(epoch FROM v_at) * 1000)::bigint FROM fresh f;
END $$;

-- The careful one: message by message. ON CONFLICT finds the stored one by the unique key itself, never by a guess of the
-- planner (an unlucky plan here once cost 0.6 ms a message); `known` says that it was there before.
CREATE FUNCTION store_messages_carefully(
  p_conversation uuid[], p_sender uuid[], p_client uuid[], p_id uuid[], p_text text[], p_sent timestamptz[], p_metadata text[]
) RETURNS TABLE (place int, seq bigint, rev bigint, at_ms bigint, known boolean)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE v_at timestamptz; v_head conversation_heads; v_row messages;
BEGIN
  PERFORM 1 FROM conversation_heads WHERE conversation_id = ANY (p_conversation) ORDER BY conversation_id FOR UPDATE;
  v_at := date_trunc('milliseconds', clock_timestamp());
  FOR i IN 1 .. array_length(p_conversation, 1) LOOP
    CONTINUE WHEN NOT EXISTS (
      SELECT 1 FROM members m WHERE m.conversation_id = p_conversation[i] AND m.user_id = p_sender[i]);
    SELECT * INTO v_head FROM conversation_heads h WHERE h.conversation_id = p_conversation[i];
    INSERT INTO messages AS m (conversation_id, seq, rev, id, client_id, sender_id, text, metadata, sent_at, created_at)
    VALUES (p_conversation[i], v_head.last_seq + 1, v_head.rev + 1, p_id[i], p_client[i], p_sender[i], p_text[i],
            p_metadata[i]::jsonb, p_sent[i], v_at)
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
