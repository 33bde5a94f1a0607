-- Files are looked for by themselves: their names, descriptions and kinds, with the same marks as the message beside them.
ALTER TABLE message_search ADD COLUMN files tsvector; -- null: it has none
CREATE INDEX message_search_files ON message_search USING gin (files) WITH (gin_pending_list_limit = 1024)
  WHERE files IS NOT NULL;

-- What was indexed before is read once more, beside the lanes; until then search finds it by its former entries.
DELETE FROM asides WHERE name = 'search';

-- Pictures of groups and channels. Each has a row in media_uses, too, with seq 0, which no message has: so it is there for those who may
-- read there, and goes with the conversation.
ALTER TABLE conversations ADD COLUMN picture_id uuid;
CREATE INDEX conversations_picture ON conversations (picture_id) WHERE picture_id IS NOT NULL;
