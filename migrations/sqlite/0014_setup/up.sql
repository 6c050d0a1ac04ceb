-- The link that makes the first administrator: one at most, and a new one replaces it.
CREATE TABLE setup_links (
    place INTEGER NOT NULL CHECK (place = 1),
    digest TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    PRIMARY KEY (place)
) WITHOUT ROWID;
