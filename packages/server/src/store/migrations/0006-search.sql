-- How far work beside the lanes has come in each conversation: the follower's marks (store/aside.ts).
CREATE TABLE asides (
  name text NOT NULL,
  conversation_id uuid NOT NULL,
  rev bigint NOT NULL,             -- every change up to here was handled
  seen_seq bigint NOT NULL,        -- every message up to here was handed over at least once
  PRIMARY KEY (name, conversation_id)
) WITH (fillfactor = 70);
