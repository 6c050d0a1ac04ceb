DROP TABLE outbox;
DROP TABLE client_logos;
DROP TABLE registration_tokens;
DROP TABLE revocations;
DROP TABLE used_assertions;
DROP TABLE pushed_requests;
DROP TABLE session_clients;
DROP INDEX clients_by_is_dynamic_and_used_at;
ALTER TABLE clients DROP COLUMN used_at;
ALTER TABLE clients DROP COLUMN sealed_secrets;
ALTER TABLE clients DROP COLUMN management_digest;
ALTER TABLE clients DROP COLUMN is_dynamic;
-- What the version before cannot hold is gone: grants without a person, a session or a code.
DELETE FROM grants WHERE user_id IS NULL OR session_id IS NULL OR code_digest IS NULL
    OR session_id NOT IN (SELECT id FROM sessions);
ALTER TABLE grants DROP COLUMN refresh_expires_at;
ALTER TABLE grants DROP COLUMN refresh_idle_expires_at;
ALTER TABLE grants DROP COLUMN rotated_at;
ALTER TABLE grants DROP COLUMN is_offline;
ALTER TABLE grants DROP COLUMN claims;
ALTER TABLE grants ALTER COLUMN code_expires_at SET NOT NULL;
ALTER TABLE grants ALTER COLUMN redirect_uri SET NOT NULL;
ALTER TABLE grants ALTER COLUMN code_digest SET NOT NULL;
ALTER TABLE grants ALTER COLUMN amr SET NOT NULL;
ALTER TABLE grants ALTER COLUMN acr SET NOT NULL;
ALTER TABLE grants ALTER COLUMN auth_time SET NOT NULL;
ALTER TABLE grants ALTER COLUMN session_id SET NOT NULL;
ALTER TABLE grants ALTER COLUMN user_id SET NOT NULL;
ALTER TABLE grants ADD CONSTRAINT grants_session_id_fkey FOREIGN KEY (session_id) REFERENCES sessions (id) ON DELETE CASCADE;
