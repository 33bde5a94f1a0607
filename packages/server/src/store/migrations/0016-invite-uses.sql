-- Whose uses of a link these are: a person counts once, and may go through it again.
CREATE TABLE invite_uses (
  invite_id uuid NOT NULL REFERENCES invites ON DELETE CASCADE,
  user_id uuid NOT NULL,
  PRIMARY KEY (invite_id, user_id)
);
