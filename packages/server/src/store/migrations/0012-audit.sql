-- Who did what to accounts, memberships and conversations, for whoever has to answer for it later. Ids, roles and reasons: never a
-- text, a name that somebody typed, or anything that opens a door. No references, since it outlives what it speaks of; and no column
-- called conversation_id, since what has one is swept with its conversation.
CREATE TABLE audit_log (
  id uuid PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  what text COLLATE "C" NOT NULL,
  by_user uuid,                    -- null: nobody who was known, or an operator
  by_session uuid,
  address text,                    -- an IPv4 address, or the first 64 bits of an IPv6 address
  operator text,                   -- who ran the command on the machine
  on_user uuid,
  on_conversation uuid,
  details jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX audit_log_at ON audit_log (at);
CREATE INDEX audit_log_by_user ON audit_log (by_user, at) WHERE by_user IS NOT NULL;
CREATE INDEX audit_log_on_user ON audit_log (on_user, at) WHERE on_user IS NOT NULL;
CREATE INDEX audit_log_on_conversation ON audit_log (on_conversation, at) WHERE on_conversation IS NOT NULL;

-- Only ever added to. What is older than the shortest time for which it can be kept (AUDIT_DAYS) may go.
CREATE FUNCTION keep_audit_log() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND OLD.at < now() - interval '30 days' THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'audit_log is only ever added to';
END $$;
CREATE TRIGGER audit_log_stays BEFORE UPDATE OR DELETE ON audit_log FOR EACH ROW EXECUTE FUNCTION keep_audit_log();
CREATE TRIGGER audit_log_stays_whole BEFORE TRUNCATE ON audit_log FOR EACH STATEMENT EXECUTE FUNCTION keep_audit_log();
