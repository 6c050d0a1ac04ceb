-- Devices on which a person is not asked for the second factor again. The digest is that of a random
-- cookie which only this device holds.
CREATE TABLE trusted_devices (
    digest TEXT NOT NULL,
    user_id BYTEA NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (digest)
);
CREATE INDEX trusted_devices_by_user_id ON trusted_devices (user_id);
CREATE INDEX trusted_devices_by_expires_at ON trusted_devices (expires_at);
