-- How often something was done under a key, until when: logins by account and address, invites by account, and so on, for all nodes
-- together. Kept in the form that rate-limiter-flexible wants. Keys are hashes: what was typed as a name may have been a password.
-- Not logged: after a crash everybody begins anew, and no login waits for a disk.
CREATE UNLOGGED TABLE rate_limits (
  key text COLLATE "C" PRIMARY KEY,
  points integer NOT NULL DEFAULT 0,
  expire bigint                    -- in ms since 1970
);
CREATE INDEX rate_limits_expire ON rate_limits (expire);
