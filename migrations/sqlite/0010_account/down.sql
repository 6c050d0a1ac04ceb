DROP INDEX users_by_delete_after;
ALTER TABLE users DROP COLUMN delete_after;
ALTER TABLE sessions DROP COLUMN network;
ALTER TABLE sessions DROP COLUMN device;
