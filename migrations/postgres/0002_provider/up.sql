-- Grants of clients that speak for themselves have no person, and those of the front channel no
-- code. A grant outlives its session when offline access was granted, so it no longer refers to
-- one.
ALTER TABLE grants DROP CONSTRAINT grants_session_id_fkey;
ALTER TABLE grants ALTER COLUMN user_id DROP NOT NULL;
ALTER TABLE grants ALTER COLUMN session_id DROP NOT NULL;
ALTER TABLE grants ALTER COLUMN auth_time DROP NOT NULL;
ALTER TABLE grants ALTER COLUMN acr DROP NOT NULL;
ALTER TABLE grants ALTER COLUMN amr DROP NOT NULL;
ALTER TABLE grants ALTER COLUMN code_digest DROP NOT NULL;
ALTER TABLE grants ALTER COLUMN redirect_uri DROP NOT NULL;
ALTER TABLE grants ALTER COLUMN code_expires_at DROP NOT NULL;
ALTER TABLE grants ADD COLUMN claims TEXT NOT NULL DEFAULT '{}';
ALTER TABLE grants ADD COLUMN is_offline BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE grants ADD COLUMN rotated_at TEXT NOT NULL DEFAULT '[]';
ALTER TABLE grants ADD COLUMN refresh_idle_expires_at BIGINT;
ALTER TABLE grants ADD COLUMN refresh_expires_at BIGINT;

ALTER TABLE clients ADD COLUMN is_dynamic BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE clients ADD COLUMN management_digest TEXT;
ALTER TABLE clients ADD COLUMN sealed_secrets BYTEA;
ALTER TABLE clients ADD COLUMN used_at BIGINT;
CREATE INDEX clients_by_is_dynamic_and_used_at ON clients (is_dynamic, used_at);

-- The apps that a session signed in to: they are told when it ends.
CREATE TABLE session_clients (
    session_id BYTEA NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    client_id BYTEA NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    first_at BIGINT NOT NULL,
    PRIMARY KEY (session_id, client_id)
);
CREATE INDEX session_clients_by_client_id ON session_clients (client_id);

CREATE TABLE pushed_requests (
    id BYTEA NOT NULL,
    client_id BYTEA NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    secret_digest TEXT NOT NULL,
    parameters TEXT NOT NULL,
    is_signed BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    PRIMARY KEY (id)
);
CREATE INDEX pushed_requests_by_client_id ON pushed_requests (client_id);
CREATE INDEX pushed_requests_by_expires_at ON pushed_requests (expires_at);

-- Client assertions that were accepted: each counts once.
CREATE TABLE used_assertions (
    digest TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (digest)
);
CREATE INDEX used_assertions_by_expires_at ON used_assertions (expires_at);

-- Single access tokens that were taken back before their time.
CREATE TABLE revocations (
    token_digest TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (token_digest)
);
CREATE INDEX revocations_by_expires_at ON revocations (expires_at);

CREATE TABLE registration_tokens (
    id BYTEA NOT NULL,
    secret_digest TEXT NOT NULL,
    uses_left INTEGER NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX registration_tokens_by_expires_at ON registration_tokens (expires_at);

-- The logo of each client that names one, once it was fetched. Until then it is due.
CREATE TABLE client_logos (
    client_id BYTEA NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    source TEXT NOT NULL,
    digest TEXT,
    png BYTEA,
    due_at BIGINT,
    tries INTEGER NOT NULL,
    PRIMARY KEY (client_id)
);
INSERT INTO client_logos (client_id, source, due_at, tries)
SELECT id, metadata::json ->> 'logo_uri', 0, 0 FROM clients WHERE metadata::json ->> 'logo_uri' IS NOT NULL;
CREATE INDEX client_logos_by_due_at ON client_logos (due_at);
CREATE INDEX client_logos_by_digest ON client_logos (digest);

-- What must still be told to others. Who it is about may be gone by then: a session and a user
-- stand here by their ids alone.
CREATE TABLE outbox (
    id BYTEA NOT NULL,
    kind TEXT NOT NULL,
    client_id BYTEA REFERENCES clients (id) ON DELETE CASCADE,
    session_id BYTEA,
    user_id BYTEA,
    created_at BIGINT NOT NULL,
    due_at BIGINT,
    tries INTEGER NOT NULL,
    ended_at BIGINT,
    outcome TEXT NOT NULL,
    problem TEXT,
    PRIMARY KEY (id)
);
CREATE INDEX outbox_by_due_at ON outbox (due_at);
CREATE INDEX outbox_by_client_id ON outbox (client_id);
CREATE INDEX outbox_by_ended_at ON outbox (ended_at);
