-- Grants of clients that speak for themselves have no person, and those of the front channel no
-- code. A grant outlives its session when offline access was granted, so it no longer refers to
-- one. SQLite changes none of this in place.
CREATE TABLE grants_wider (
    id BLOB NOT NULL,
    user_id BLOB REFERENCES users (id) ON DELETE CASCADE,
    client_id BLOB NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    session_id BLOB,
    scopes TEXT NOT NULL,
    resources TEXT NOT NULL,
    claims TEXT NOT NULL DEFAULT '{}',
    nonce TEXT,
    auth_time BIGINT,
    acr TEXT,
    amr TEXT,
    code_digest TEXT,
    redirect_uri TEXT,
    code_challenge TEXT,
    code_expires_at BIGINT,
    code_used_at BIGINT,
    wrong_verifiers INTEGER NOT NULL DEFAULT 0,
    generation INTEGER NOT NULL DEFAULT 0,
    is_offline BOOLEAN NOT NULL DEFAULT FALSE,
    rotated_at TEXT NOT NULL DEFAULT '[]',
    refresh_idle_expires_at BIGINT,
    refresh_expires_at BIGINT,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT,
    PRIMARY KEY (id)
) WITHOUT ROWID;
INSERT INTO grants_wider (id, user_id, client_id, session_id, scopes, resources, nonce, auth_time, acr, amr,
    code_digest, redirect_uri, code_challenge, code_expires_at, code_used_at, wrong_verifiers, generation,
    created_at, expires_at, revoked_at)
SELECT id, user_id, client_id, session_id, scopes, resources, nonce, auth_time, acr, amr,
    code_digest, redirect_uri, code_challenge, code_expires_at, code_used_at, wrong_verifiers, generation,
    created_at, expires_at, revoked_at FROM grants;
DROP TABLE grants;
ALTER TABLE grants_wider RENAME TO grants;
CREATE INDEX grants_by_session_id ON grants (session_id);
CREATE INDEX grants_by_user_id ON grants (user_id);
CREATE INDEX grants_by_client_id ON grants (client_id);
CREATE INDEX grants_by_expires_at ON grants (expires_at);

ALTER TABLE clients ADD COLUMN is_dynamic BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE clients ADD COLUMN management_digest TEXT;
ALTER TABLE clients ADD COLUMN sealed_secrets BLOB;
ALTER TABLE clients ADD COLUMN used_at BIGINT;
CREATE INDEX clients_by_is_dynamic_and_used_at ON clients (is_dynamic, used_at);

-- The apps that a session signed in to: they are told when it ends.
CREATE TABLE session_clients (
    session_id BLOB NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    client_id BLOB NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    first_at BIGINT NOT NULL,
    PRIMARY KEY (session_id, client_id)
) WITHOUT ROWID;
CREATE INDEX session_clients_by_client_id ON session_clients (client_id);

CREATE TABLE pushed_requests (
    id BLOB NOT NULL,
    client_id BLOB NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    secret_digest TEXT NOT NULL,
    parameters TEXT NOT NULL,
    is_signed BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    PRIMARY KEY (id)
) WITHOUT ROWID;
CREATE INDEX pushed_requests_by_client_id ON pushed_requests (client_id);
CREATE INDEX pushed_requests_by_expires_at ON pushed_requests (expires_at);

-- Client assertions that were accepted: each counts once.
CREATE TABLE used_assertions (
    digest TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (digest)
) WITHOUT ROWID;
CREATE INDEX used_assertions_by_expires_at ON used_assertions (expires_at);

-- Single access tokens that were taken back before their time.
CREATE TABLE revocations (
    token_digest TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (token_digest)
) WITHOUT ROWID;
CREATE INDEX revocations_by_expires_at ON revocations (expires_at);

CREATE TABLE registration_tokens (
    id BLOB NOT NULL,
    secret_digest TEXT NOT NULL,
    uses_left INTEGER NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (id)
) WITHOUT ROWID;
CREATE INDEX registration_tokens_by_expires_at ON registration_tokens (expires_at);

-- The logo of each client that names one, once it was fetched. Until then it is due.
CREATE TABLE client_logos (
    client_id BLOB NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    source TEXT NOT NULL,
    digest TEXT,
    png BLOB,
    due_at BIGINT,
    tries INTEGER NOT NULL,
    PRIMARY KEY (client_id)
) WITHOUT ROWID;
INSERT INTO client_logos (client_id, source, due_at, tries)
SELECT id, json_extract(metadata, '$.logo_uri'), 0, 0 FROM clients WHERE json_extract(metadata, '$.logo_uri') IS NOT NULL;
CREATE INDEX client_logos_by_due_at ON client_logos (due_at);
CREATE INDEX client_logos_by_digest ON client_logos (digest);

-- What must still be told to others. Who it is about may be gone by then: a session and a user
-- stand here by their ids alone.
CREATE TABLE outbox (
    id BLOB NOT NULL,
    kind TEXT NOT NULL,
    client_id BLOB REFERENCES clients (id) ON DELETE CASCADE,
    session_id BLOB,
    user_id BLOB,
    created_at BIGINT NOT NULL,
    due_at BIGINT,
    tries INTEGER NOT NULL,
    ended_at BIGINT,
    outcome TEXT NOT NULL,
    problem TEXT,
    PRIMARY KEY (id)
) WITHOUT ROWID;
CREATE INDEX outbox_by_due_at ON outbox (due_at);
CREATE INDEX outbox_by_client_id ON outbox (client_id);
CREATE INDEX outbox_by_ended_at ON outbox (ended_at);
