-- What the account of an invitation will be, as its operator described it: JSON.
ALTER TABLE proofs ADD COLUMN invited TEXT;
