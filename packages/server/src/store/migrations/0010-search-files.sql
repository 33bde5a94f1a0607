-- Files are looked for by themselves: their names, descriptions and kinds, with the same marks as the message beside them.
ALTER TABLE message_search ADD COLUMN files tsvector; -- null: it has none
CREATE INDEX message_search_files ON message_search USING gin (files) WITH (gin_pending_list_limit = 1024)
  WHERE files IS NOT NULL;

-- What was indexed before is read once more, beside the lanes; until then search finds it by its former entries.
DELETE FROM asides WHERE name = 'search';
