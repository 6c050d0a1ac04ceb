-- Whether nothing opens to an account before its person has chosen a new password.
ALTER TABLE users ADD COLUMN must_change_password BOOLEAN NOT NULL DEFAULT FALSE;

-- Browsers that an account signed in with, the newest few. The digest is keyed and of the account's own:
-- that two accounts share a browser cannot be read from it.
CREATE TABLE known_browsers (
    user_id BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    digest TEXT NOT NULL,
    seen_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, digest)
) WITHOUT ROWID;

-- The trail of one account is read in the order of ids, a page at a time.
DROP INDEX audit_by_actor_id;
DROP INDEX audit_by_target_id;
CREATE INDEX audit_by_actor_id ON audit (actor_id, id);
CREATE INDEX audit_by_target_id ON audit (target_id, id);
