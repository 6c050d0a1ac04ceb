DROP TABLE outbox;
DROP TABLE client_logos;
DROP TABLE registration_tokens;
DROP TABLE revocations;
DROP TABLE used_assertions;
DROP TABLE pushed_requests;
DROP TABLE session_clients;
DROP INDEX clients_by_is_dynamic_and_used_at;
ALTER TABLE clients DROP COLUMN used_at;
ALTER TABLE clients DROP COLUMN sealed_secrets;
ALTER TABLE clients DROP COLUMN management_digest;
ALTER TABLE clients DROP COLUMN is_dynamic;
-- What the version before cannot hold is gone: grants without a person, a session or a code.
DELETE FROM grants WHERE user_id IS NULL OR session_id IS NULL OR code_digest IS NULL
    OR session_id NOT IN (SELECT id FROM sessions);
CREATE TABLE grants_before(
    id BLOB NOT NULL,
    user_id BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    client_id BLOB NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    session_id BLOB NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    scopes TEXT NOT NULL,
    resources TEXT NOT NULL,
    nonce TEXT,
    auth_time BIGINT NOT NULL,
    acr TEXT NOT NULL,
    amr TEXT NOT NULL,
    code_digest TEXT NOT NULL,
    redirect_uri TEXT NOT NULL,
    code_challenge TEXT,
    code_expires_at BIGINT NOT NULL,
    code_used_at BIGINT,
    wrong_verifiers INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT,
    PRIMARY KEY (id)
) WITHOUT ROWID;
INSERT INTO grants_before (id, user_id, client_id, session_id, scopes, resources, nonce, auth_time, acr, amr,
    code_digest, redirect_uri, code_challenge, code_expires_at, code_used_at, wrong_verifiers, generation,
    created_at, expires_at, revoked_at)
SELECT id, user_id, client_id, session_id, scopes, resources, nonce, auth_time, acr, amr,
    code_digest, redirect_uri, code_challenge, code_expires_at, code_used_at, wrong_verifiers, generation,
    created_at, expires_at, revoked_at FROM grants;
DROP TABLE grants;
ALTER TABLE grants_before RENAME TO grants;
CREATE INDEX grants_by_session_id ON grants (session_id);
CREATE INDEX grants_by_user_id ON grants (user_id);
CREATE INDEX grants_by_client_id ON grants (client_id);
CREATE INDEX grants_by_expires_at ON grants (expires_at);
