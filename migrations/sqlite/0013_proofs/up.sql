-- What somebody may do once who holds a link or a code. The holder is the account, or an address of
-- somebody who has none yet: each has one proof of a kind, and a newer one takes its place.
CREATE TABLE proofs (
    kind TEXT NOT NULL,
    holder TEXT NOT NULL,
    user_id BLOB REFERENCES users (id) ON DELETE CASCADE,
    address TEXT,
    link_digest TEXT NOT NULL,
    code_digest TEXT,
    tries INTEGER NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    PRIMARY KEY (kind, holder)
) WITHOUT ROWID;
CREATE UNIQUE INDEX proofs_link ON proofs (link_digest);
CREATE INDEX proofs_user ON proofs (user_id);
CREATE INDEX proofs_expiry ON proofs (expires_at);
