-- Who is named is found by the name, whatever conversation or thread it happened in; calls to all are found where somebody is.
CREATE INDEX messages_naming ON messages USING gin (mentions) WHERE mentions IS NOT NULL;
CREATE INDEX messages_calling ON messages (conversation_id, seq) WHERE mentions && ARRAY['here', 'all'];
