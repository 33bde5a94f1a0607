-- How far work beside the lanes has come in each conversation: the follower's marks (store/aside.ts).
CREATE TABLE asides (
  name text NOT NULL,
  conversation_id uuid NOT NULL,
  rev bigint NOT NULL,             -- every change up to here was handled
  seen_seq bigint NOT NULL,        -- every message up to here was handed over at least once
  PRIMARY KEY (name, conversation_id)
) WITH (fillfactor = 70);

-- What messages are found by, written beside the lanes and some moments later: an index in the row would halve what a lane can
-- store. Words are made by search/words.ts, not by PostgreSQL's parsers, so that all languages are treated alike; beside them stand
-- marks like /c… (where) and /f… (by whom), so that one look into one index decides most of a search.
CREATE TABLE message_search (
  conversation_id uuid NOT NULL,
  seq bigint NOT NULL,
  root_id uuid NOT NULL,           -- the conversation whose members may read it: of a thread its parent
  sender_id uuid NOT NULL,
  created_at timestamptz NOT NULL,
  words tsvector NOT NULL,
  PRIMARY KEY (conversation_id, seq)
);
-- What is pending is read by every search: kept short, and sorted in by whoever fills the index, never by a lane.
CREATE INDEX message_search_words ON message_search USING gin (words) WITH (gin_pending_list_limit = 1024);

-- Every word that is used, for parts of words and typing errors (search/vocabulary.ts). Small beside an index of all parts of all
-- messages, as most messages bring no new word.
CREATE TABLE search_words (
  word text COLLATE "C" PRIMARY KEY,
  grams text[] NOT NULL            -- each three letters that stand together in it
);
CREATE INDEX search_words_backwards ON search_words (reverse(word) COLLATE "C");
CREATE INDEX search_words_grams ON search_words USING gin (grams) WITH (gin_pending_list_limit = 1024);
