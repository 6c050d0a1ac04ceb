//! The keys outside and inside of the database.

use super::{Finding, days};
use crate::app::keys::check_seal_key;
use crate::base::{Clock as _, SystemClock, SystemEntropy};
use crate::config::{SealKeySource, Settings};
use crate::credentials::{SealKey, SealKeyProblem, Sealer, load_or_create_seal_key};
use crate::domain::SigningKeyRecord;
use crate::protocol::SigningAlgorithm;
use crate::rules::key_rotation::signer;
use crate::store::{Store, StoreError, signing_keys};

fn present(source: &SealKeySource) -> Result<SealKey, SealKeyProblem> {
    match source {
        SealKeySource::Given(key) => Ok(key.clone()),
        // None is ever made here.
        SealKeySource::File(path) => load_or_create_seal_key(path, false, &SystemEntropy),
    }
}

async fn records(store: &Store) -> Result<Vec<SigningKeyRecord>, StoreError> {
    store.read(signing_keys::list_signing_keys).await
}

pub(super) async fn seal_key(settings: &Settings, store: &Store) -> Finding {
    const CHECK: &str = "seal key";
    let records = match records(store).await {
        Ok(records) => records,
        Err(error) => {
            return Finding::wrong(CHECK, error.to_string(), "see the line of the database");
        }
    };
    let key = match present(&settings.seal_key) {
        Ok(key) => key,
        Err(SealKeyProblem::Lost(_)) if records.is_empty() => {
            return Finding::look(CHECK, "there is none yet", "the first start makes it");
        }
        Err(problem) => {
            let fix =
                "bring the key back that belongs to this database: without it no key in it opens";
            return Finding::wrong(CHECK, problem.to_string(), fix);
        }
    };
    let opened = Sealer::new(key).map(|sealer| check_seal_key(&records, &sealer));
    match opened {
        Ok(Ok(())) if records.is_empty() => Finding::good(CHECK, "it is there"),
        Ok(Ok(())) => {
            Finding::good(CHECK, "it is there and opens what is sealed: keep a copy elsewhere")
        }
        Ok(Err(fault)) => Finding::wrong(
            CHECK,
            fault.to_string(),
            "set the key that belongs to this database; never make another one",
        ),
        Err(error) => Finding::wrong(CHECK, error.to_string(), "set 32 bytes in base64"),
    }
}

/// The server makes the next key in time. One that signs this much longer was not replaced.
const LATE: i64 = 2 * 24 * 60 * 60;

pub(super) async fn signing_keys(settings: &Settings, store: &Store) -> Finding {
    const CHECK: &str = "signing keys";
    let records = match records(store).await {
        Ok(records) => records,
        Err(error) => {
            return Finding::wrong(CHECK, error.to_string(), "see the line of the database");
        }
    };
    let now = SystemClock.now();
    let signers: Vec<&SigningKeyRecord> = SigningAlgorithm::ALL
        .into_iter()
        .filter_map(|algorithm| signer(&records, algorithm, now))
        .collect();
    let Some(oldest) = signers.iter().min_by_key(|key| key.active_from) else {
        return Finding::look(CHECK, "there are none yet", "the first start makes them");
    };
    let age = now.as_seconds() - oldest.active_from.as_seconds();
    let every = i64::try_from(settings.rotate_keys_every.as_secs()).unwrap_or(i64::MAX);
    let cause = format!("{} sign, the oldest for {}", signers.len(), days(age));
    if age > every.saturating_add(LATE) {
        let cause = format!("{cause}, which is longer than keys.rotate_every");
        return Finding::look(CHECK, cause, "the running server replaces it: see why it does not");
    }
    Finding::good(CHECK, format!("{cause}; the next ones follow in {}", days((every - age).max(0))))
}
