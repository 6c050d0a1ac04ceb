//! Our side of the cross-check against the npm package `jose` (`tests/relying_parties`). Each line
//! of standard input is a task in JSON; each line of standard output is what became of it.

use std::io::BufRead as _;

use anyhow::{Context as _, anyhow};
use serde::Deserialize;
use serde_json::{Value, json};
use tessera::base::Secret;
use tessera::jose::{
    ClientJwtType, ClientKeySet, ClientSecretKey, JweContent, encrypt, thumbprint,
    verify_with_client_keys, verify_with_secret,
};
use tessera::protocol::{ContentEncryption, KeyManagementAlgorithm, SigningAlgorithm};

#[derive(Deserialize)]
#[serde(tag = "task", rename_all = "snake_case")]
enum Task {
    /// Encrypts a signed JWT to the key that fits.
    Encrypt { jwks: Value, alg: KeyManagementAlgorithm, enc: ContentEncryption, jwt: String },
    /// Verifies a JWT with its signer's keys.
    Verify { jwks: Value, alg: SigningAlgorithm, jwt: String },
    /// Verifies a JWT with a secret.
    VerifySecret { secret: Secret<String>, jwt: String },
    /// Names a key.
    Thumbprint { jwk: Value },
}

fn main() -> anyhow::Result<()> {
    for line in std::io::stdin().lock().lines() {
        let answer = match perform(serde_json::from_str(&line?)?) {
            Ok(value) => json!({ "value": value }),
            Err(error) => json!({ "error": error.to_string() }),
        };
        println!("{answer}");
    }
    Ok(())
}

fn perform(task: Task) -> anyhow::Result<Value> {
    let kind = ClientJwtType::Assertion;
    match task {
        Task::Encrypt { jwks, alg, enc, jwt } => {
            let keys = ClientKeySet::parse(&jwks)?;
            let key = keys.encryption_key(alg).ok_or_else(|| anyhow!("no key fits {alg}"))?;
            Ok(encrypt(JweContent::SignedJwt(&jwt), key, alg, enc)?.into())
        }
        Task::Verify { jwks, alg, jwt } => {
            let keys = ClientKeySet::parse(&jwks)?;
            Ok(verify_with_client_keys(&jwt, &keys, &[alg], kind)?.claims.into())
        }
        Task::VerifySecret { secret, jwt } => {
            let key = ClientSecretKey::new(&secret)?;
            Ok(verify_with_secret(&jwt, &key, kind)?.claims.into())
        }
        Task::Thumbprint { jwk } => {
            let jwk = jwk.as_object().context("a key is an object")?;
            Ok(thumbprint(jwk).context("a member is missing")?.into())
        }
    }
}
