CREATE INDEX grants_by_session_id ON grants (session_id);
CREATE INDEX grants_by_user_id ON grants (user_id);
DROP INDEX grants_by_user_id_session_id;
