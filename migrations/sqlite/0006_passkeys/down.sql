DROP TABLE declined_passkeys;
DROP TABLE webauthn_challenges;
DROP TABLE passkeys;
