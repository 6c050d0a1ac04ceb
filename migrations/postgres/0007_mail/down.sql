-- The version before knows no mails.
DELETE FROM outbox WHERE client_id IS NULL;
ALTER TABLE outbox DROP COLUMN sealed;
ALTER TABLE outbox DROP COLUMN recipient;
