DROP INDEX audit_by_target_id;
DROP INDEX audit_by_actor_id;
CREATE INDEX audit_by_actor_id ON audit (actor_id);
CREATE INDEX audit_by_target_id ON audit (target_id);
DROP TABLE known_browsers;
ALTER TABLE users DROP COLUMN must_change_password;
