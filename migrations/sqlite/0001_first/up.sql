-- Instants are milliseconds since 1970. Digests are SHA-256 in base64url: no row holds a secret
-- that opens anything.
CREATE TABLE meta (
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (name)
) WITHOUT ROWID;

CREATE TABLE users (
    id BLOB NOT NULL,
    subject TEXT NOT NULL,
    username TEXT NOT NULL,
    email TEXT,
    is_email_verified BOOLEAN NOT NULL,
    password_hash TEXT,
    claims TEXT NOT NULL,
    is_admin BOOLEAN NOT NULL,
    disabled_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX users_subject_once ON users (subject);
CREATE UNIQUE INDEX users_username_once ON users (username);
CREATE UNIQUE INDEX users_email_once ON users (email);

CREATE TABLE memberships (
    user_id BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    group_name TEXT NOT NULL,
    PRIMARY KEY (user_id, group_name)
) WITHOUT ROWID;

CREATE TABLE clients (
    id BLOB NOT NULL,
    client_id TEXT NOT NULL,
    metadata TEXT NOT NULL,
    secret_digest TEXT,
    previous_secret_digest TEXT,
    previous_secret_until BIGINT,
    is_launchable BOOLEAN NOT NULL,
    disabled_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX clients_client_id_once ON clients (client_id);

CREATE TABLE client_origins (
    origin TEXT NOT NULL,
    client_id BLOB NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    PRIMARY KEY (origin, client_id)
) WITHOUT ROWID;
CREATE INDEX client_origins_by_client_id ON client_origins (client_id);

CREATE TABLE sessions (
    id BLOB NOT NULL,
    user_id BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    secret_digest TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    authenticated_at BIGINT NOT NULL,
    amr TEXT NOT NULL,
    acr TEXT NOT NULL,
    is_remembered BOOLEAN NOT NULL,
    last_seen_at BIGINT NOT NULL,
    idle_expires_at BIGINT NOT NULL,
    absolute_expires_at BIGINT NOT NULL,
    ended_at BIGINT,
    ended_why TEXT,
    PRIMARY KEY (id)
) WITHOUT ROWID;
CREATE INDEX sessions_by_user_id ON sessions (user_id);
CREATE INDEX sessions_by_absolute_expires_at ON sessions (absolute_expires_at);

CREATE TABLE interactions (
    id BLOB NOT NULL,
    address_digest TEXT NOT NULL,
    browser_digest TEXT NOT NULL,
    network_digest TEXT NOT NULL,
    purpose TEXT NOT NULL,
    evidence TEXT NOT NULL,
    is_proven BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    finished BLOB,
    finished_at BIGINT,
    PRIMARY KEY (id)
) WITHOUT ROWID;
CREATE INDEX interactions_by_network_digest_and_created_at ON interactions (network_digest, created_at);
CREATE INDEX interactions_by_expires_at ON interactions (expires_at);

CREATE TABLE consents (
    id BLOB NOT NULL,
    user_id BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    client_id BLOB NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    scopes TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX consents_user_id_and_client_id_once ON consents (user_id, client_id);
CREATE INDEX consents_by_client_id ON consents (client_id);

CREATE TABLE grants (
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
CREATE INDEX grants_by_session_id ON grants (session_id);
CREATE INDEX grants_by_user_id ON grants (user_id);
CREATE INDEX grants_by_client_id ON grants (client_id);
CREATE INDEX grants_by_expires_at ON grants (expires_at);

CREATE TABLE signing_keys (
    id BLOB NOT NULL,
    kid TEXT NOT NULL,
    algorithm TEXT NOT NULL,
    place INTEGER NOT NULL,
    sealed_private BLOB NOT NULL,
    public_jwk TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    active_from BIGINT NOT NULL,
    retired_at BIGINT,
    PRIMARY KEY (id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX signing_keys_kid_once ON signing_keys (kid);
CREATE UNIQUE INDEX signing_keys_algorithm_and_place_once ON signing_keys (algorithm, place);

CREATE TABLE login_failures (
    account_digest TEXT NOT NULL,
    failures INTEGER NOT NULL,
    blocked_until BIGINT NOT NULL,
    last_failed_at BIGINT NOT NULL,
    PRIMARY KEY (account_digest)
) WITHOUT ROWID;
CREATE INDEX login_failures_by_last_failed_at ON login_failures (last_failed_at);
