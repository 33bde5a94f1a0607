-- Files that people send. Their bytes lie in the blob store, under the id; here stands what they are and who has them.

CREATE TABLE media (
  id uuid PRIMARY KEY,
  uploader_id uuid,                -- null: fetched by this server itself, for a link preview
  state text NOT NULL CHECK (state IN ('uploading', 'ready', 'gone')),
  name text NOT NULL,
  bytes bigint NOT NULL,           -- as announced while it comes in, then as it is kept; counts for the quota
  received bigint NOT NULL DEFAULT 0,
  told jsonb NOT NULL DEFAULT '{}', -- what its uploader said of it
  kind text CHECK (kind IN ('image', 'video', 'audio', 'voice', 'file')),
  attachment jsonb,                -- what messages say of it
  created_at timestamptz NOT NULL DEFAULT now(),
  touched_at timestamptz NOT NULL DEFAULT now(), -- last sign of it; 'infinity' while a message has it
  CHECK ((state = 'uploading') OR (state = 'gone') OR (kind IS NOT NULL AND attachment IS NOT NULL))
);
CREATE INDEX media_of ON media (uploader_id) INCLUDE (bytes, state);
CREATE INDEX media_touched ON media (touched_at);

-- An upload comes in parts, each a blob of its own, until it is whole: so it goes on after any break, on any node.
CREATE TABLE media_parts (
  media_id uuid NOT NULL REFERENCES media ON DELETE CASCADE,
  start bigint NOT NULL,
  bytes bigint NOT NULL,
  key text COLLATE "C" NOT NULL,
  PRIMARY KEY (media_id, start)
);

-- Faces: everybody with an account may have them.
ALTER TABLE users ADD COLUMN picture_id uuid;
CREATE INDEX users_picture ON users (picture_id) WHERE picture_id IS NOT NULL;

-- Where a file was sent: who may read there may have it. Written with the message, and gone with it.
CREATE TABLE media_uses (
  conversation_id uuid NOT NULL,
  seq bigint NOT NULL,
  place int NOT NULL,              -- among the files of the message
  media_id uuid NOT NULL,
  kind text NOT NULL,
  PRIMARY KEY (conversation_id, seq, place)
);
-- Whoever takes the last use of a file away, a deleted message or a swept conversation: from then on nobody needs it.
CREATE FUNCTION media_unused() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE media SET touched_at = '-infinity'
   WHERE id IN (SELECT media_id FROM gone) AND NOT EXISTS (SELECT 1 FROM media_uses u WHERE u.media_id = media.id)
     AND NOT EXISTS (SELECT 1 FROM users p WHERE p.picture_id = media.id);
  RETURN NULL;
END $$;
CREATE TRIGGER media_unused AFTER DELETE ON media_uses REFERENCING OLD TABLE AS gone
  FOR EACH STATEMENT EXECUTE FUNCTION media_unused();
CREATE INDEX media_uses_of ON media_uses (media_id, conversation_id);
CREATE INDEX media_uses_kind ON media_uses (conversation_id, kind, seq, place);
