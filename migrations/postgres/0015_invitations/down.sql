ALTER TABLE proofs DROP COLUMN invited;
