CREATE TABLE passkeys (
    id BYTEA NOT NULL,
    user_id BYTEA NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    credential_id BYTEA NOT NULL,
    credential TEXT NOT NULL,
    name TEXT NOT NULL,
    sign_count BIGINT NOT NULL,
    is_backup_eligible BOOLEAN NOT NULL,
    is_backed_up BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT,
    count_fell_at BIGINT,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX passkeys_by_credential_id ON passkeys (credential_id);
CREATE INDEX passkeys_by_user_id ON passkeys (user_id);

-- WebAuthn challenges that were answered: each counts once.
CREATE TABLE webauthn_challenges (
    digest TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (digest)
);
CREATE INDEX webauthn_challenges_by_expires_at ON webauthn_challenges (expires_at);

-- Who did not want a passkey when one was offered, and when.
CREATE TABLE declined_passkeys (
    user_id BYTEA NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    declined_at BIGINT NOT NULL,
    PRIMARY KEY (user_id)
);
