-- Who stopped following a thread is not made to follow it by others. The row goes when they follow it again by themselves.
CREATE TABLE unfollows (
  conversation_id uuid NOT NULL,
  user_id uuid NOT NULL,
  PRIMARY KEY (conversation_id, user_id)
);
