-- What happened to accounts, clients and keys. Rows are only ever added; the last four columns are
-- filled once, by whoever seals. Whom a row is about may be gone, so it refers to nothing.
CREATE TABLE audit (
    id BLOB NOT NULL,
    at BIGINT NOT NULL,
    event TEXT NOT NULL,
    outcome TEXT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id TEXT,
    target_kind TEXT,
    target_id TEXT,
    network TEXT,
    reference TEXT,
    details TEXT NOT NULL,
    place BIGINT,
    previous_hash TEXT,
    hash TEXT,
    mac TEXT,
    PRIMARY KEY (id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX audit_by_place ON audit (place);
CREATE INDEX audit_by_actor_id ON audit (actor_id);
CREATE INDEX audit_by_target_id ON audit (target_id);
