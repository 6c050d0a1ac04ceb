-- A session is one person's, so one index finds the grants of both: each grant is an entry less, and a page less of
-- each commit.
CREATE INDEX grants_by_user_id_session_id ON grants (user_id, session_id);
DROP INDEX grants_by_user_id;
DROP INDEX grants_by_session_id;
