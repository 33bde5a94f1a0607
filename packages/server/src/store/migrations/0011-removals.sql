-- Who was taken out does not come back by a link that was made before. The row goes when somebody lets them in again.
CREATE TABLE removals (
  conversation_id uuid NOT NULL,
  user_id uuid NOT NULL,
  removed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (conversation_id, user_id)
);
