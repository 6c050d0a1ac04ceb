-- What a session's browser looked like at its sign-in, for its person to recognize. A guess from
-- what the browser says of itself, from a table of ours, and the network it came from.
ALTER TABLE sessions ADD COLUMN device TEXT NOT NULL DEFAULT '' CHECK (length(device) <= 64);
ALTER TABLE sessions ADD COLUMN network TEXT NOT NULL DEFAULT '' CHECK (length(network) <= 64);

-- When an account goes whose person asked for it.
ALTER TABLE users ADD COLUMN delete_after BIGINT;
CREATE INDEX users_by_delete_after ON users (delete_after);
