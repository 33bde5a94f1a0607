-- An address may be longer than an index takes: a page is known by the SHA-256 of it. What was remembered is asked for anew.
DROP TABLE link_previews;
CREATE TABLE link_previews (
  page bytea PRIMARY KEY,
  preview jsonb,
  fetched_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL
);
CREATE INDEX link_previews_expired ON link_previews (expires_at);
