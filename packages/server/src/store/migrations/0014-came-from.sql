-- Whether somebody logged in from an address before: asked at each login from where this node saw none.
CREATE INDEX audit_log_came_from ON audit_log (by_user, address) WHERE what = 'session.begun';
-- A login that is swept takes what its device listened with along.
CREATE INDEX push_subscriptions_session ON push_subscriptions (session_id);
