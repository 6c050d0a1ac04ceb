-- The authenticator app of a person. A code of a step that is not later than last_step is used up.
CREATE TABLE totp_credentials (
    user_id BYTEA NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    sealed_seed BYTEA NOT NULL,
    last_step BIGINT NOT NULL,
    label TEXT NOT NULL,
    confirmed_at BIGINT NOT NULL,
    used_at BIGINT NOT NULL,
    PRIMARY KEY (user_id)
);

-- Recovery codes of 80 random bits, as digests over person and code.
CREATE TABLE recovery_codes (
    user_id BYTEA NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    digest TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    used_at BIGINT,
    PRIMARY KEY (user_id, digest)
);
