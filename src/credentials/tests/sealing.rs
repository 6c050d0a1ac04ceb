use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::sync::{Arc, Barrier};

use crate::base::{Entropy, SeededEntropy, SystemEntropy};
use crate::credentials::{
    Purpose, SealError, SealKey, SealKeyProblem, Sealer, load_or_create_seal_key,
};
use crate::jose::KeyPair;

fn sealer(seed: u64) -> Sealer {
    Sealer::new(SealKey::generate(&SeededEntropy::new(seed))).unwrap()
}

/// A folder that is gone at its end.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let entropy: &dyn Entropy = &SystemEntropy;
        let path = std::env::temp_dir().join(format!("tessera-{}", entropy.alphanumeric(16)));
        std::fs::create_dir(&path).unwrap();
        Self(path)
    }

    fn key(&self) -> PathBuf {
        self.0.join("seal.key")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).unwrap();
    }
}

#[test]
fn a_sealed_value_opens_in_its_place_alone() {
    let sealer = sealer(1);
    let sealed = sealer.seal("users.secret.1", b"plain", &SystemEntropy);
    assert_eq!(sealer.open("users.secret.1", &sealed).unwrap().expose(), b"plain");
    for elsewhere in ["users.secret.2", "users.secret", ""] {
        assert_eq!(sealer.open(elsewhere, &sealed).map(drop), Err(SealError::Damaged));
    }
    let empty = sealer.seal("c", b"", &SystemEntropy);
    assert_eq!(sealer.open("c", &empty).unwrap().expose(), b"");
}

#[test]
fn a_value_that_was_altered_does_not_open() {
    let sealer = sealer(1);
    let sealed = sealer.seal("c", b"plain", &SystemEntropy);
    for index in 0..sealed.len() {
        let mut altered = sealed.clone();
        altered[index] ^= 1;
        let error = sealer.open("c", &altered).map(drop).unwrap_err();
        let is_key_id = (1..9).contains(&index);
        assert_eq!(error, if is_key_id { SealError::OtherKey } else { SealError::Damaged });
    }
    for length in 0..sealed.len() {
        assert!(sealer.open("c", &sealed[..length]).is_err(), "{length}");
    }
}

#[test]
fn r52_a_sealed_signing_key_comes_back_the_same() {
    use crate::protocol::SigningAlgorithm::{ES256, ES384, EdDSA, PS256, RS256};
    let sealer = sealer(1);
    for algorithm in [RS256, PS256, ES256, ES384, EdDSA] {
        let key = KeyPair::generate(algorithm).unwrap();
        let plain = key.to_pkcs8().unwrap();
        let sealed = sealer.seal("signing_keys", plain.expose(), &SystemEntropy);
        assert!(!sealed.windows(16).any(|part| plain.expose().windows(16).any(|p| p == part)));
        let opened = sealer.open("signing_keys", &sealed).unwrap();
        let again = KeyPair::from_pkcs8(algorithm, opened.expose()).unwrap();
        assert_eq!((again.kid(), again.public_jwk()), (key.kid(), key.public_jwk()));
        let other = self::sealer(2).open("signing_keys", &sealed);
        assert_eq!(other.map(drop), Err(SealError::OtherKey));
    }
}

#[test]
fn equal_values_are_sealed_differently() {
    let sealer = sealer(1);
    let seal = || sealer.seal("c", b"plain", &SystemEntropy);
    assert_ne!(seal(), seal());
}

#[test]
fn another_seal_key_is_named_as_such() {
    let sealed = sealer(1).seal("c", b"plain", &SystemEntropy);
    let error = sealer(2).open("c", &sealed).map(drop).unwrap_err();
    assert_eq!(error, SealError::OtherKey);
    assert!(error.to_string().contains("another seal key"), "{error}");
}

#[test]
fn r53_keys_of_one_purpose_serve_no_other() {
    let all = [Purpose::Seal, Purpose::OpaqueToken, Purpose::Csrf, Purpose::SessionSid];
    let mut keys: Vec<[u8; 32]> = Vec::new();
    for sealer in [sealer(1), sealer(2)] {
        keys.extend(all.map(|purpose| sealer.purpose_key(purpose)));
    }
    assert_eq!(sealer(1).purpose_key(Purpose::Csrf), keys[2], "a key is the same every time");
    let count = keys.len();
    keys.sort_unstable();
    keys.dedup();
    assert_eq!(keys.len(), count);
}

#[test]
fn a_seal_key_is_read_in_either_alphabet() {
    let key = SealKey::generate(&SeededEntropy::new(7));
    let text = key.to_base64();
    let plain = text.expose().trim_end_matches('=').to_owned();
    let url = plain.replace('+', "-").replace('/', "_");
    for form in [text.expose(), &plain, &url, &format!(" {plain}\n")] {
        let read = SealKey::from_base64(form).unwrap();
        assert_eq!(read.to_base64().expose(), text.expose());
    }
    for bad in ["", "AAAA", &format!("{plain}AAAA"), "not base64 at all!", &"A".repeat(44)] {
        assert_eq!(SealKey::from_base64(bad).map(drop), Err(SealError::NotAKey), "{bad}");
    }
    assert_eq!(format!("{key:?}"), "SealKey(…)");
}

#[test]
fn the_key_file_is_its_owners_alone() {
    let folder = Folder::new();
    let made = load_or_create_seal_key(&folder.key(), true, &SystemEntropy).unwrap();
    let mode = std::fs::metadata(folder.key()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    for is_new_database in [true, false] {
        let read = load_or_create_seal_key(&folder.key(), is_new_database, &SystemEntropy);
        assert_eq!(read.unwrap().to_base64().expose(), made.to_base64().expose());
    }
    assert_eq!(std::fs::read_dir(&folder.0).unwrap().count(), 1, "no draft is left");
    for mode in [0o640, 0o604, 0o666] {
        let permissions = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(folder.key(), permissions).unwrap();
        let read = load_or_create_seal_key(&folder.key(), false, &SystemEntropy);
        assert!(matches!(read, Err(SealKeyProblem::TooOpen(_))), "{mode:o}");
    }
}

#[test]
fn a_database_that_is_not_new_gets_no_second_key() {
    let folder = Folder::new();
    let error = load_or_create_seal_key(&folder.key(), false, &SystemEntropy).unwrap_err();
    assert!(matches!(error, SealKeyProblem::Lost(_)), "{error}");
    assert!(error.to_string().contains("bring that file back"), "{error}");
    assert!(!folder.key().exists());
}

#[test]
fn a_key_file_with_something_else_is_explained() {
    let folder = Folder::new();
    std::fs::write(folder.key(), "something else").unwrap();
    std::fs::set_permissions(folder.key(), std::fs::Permissions::from_mode(0o600)).unwrap();
    for is_new_database in [true, false] {
        let error =
            load_or_create_seal_key(&folder.key(), is_new_database, &SystemEntropy).unwrap_err();
        assert!(matches!(error, SealKeyProblem::Content { .. }), "{error}");
    }
    let nowhere = folder.0.join("missing/seal.key");
    let error = load_or_create_seal_key(&nowhere, true, &SystemEntropy).unwrap_err();
    assert!(matches!(error, SealKeyProblem::File { .. }), "{error}");
}

#[test]
fn of_many_that_start_together_one_makes_the_key() {
    for _ in 0..20 {
        let folder = Folder::new();
        let barrier = Arc::new(Barrier::new(4));
        let starts: Vec<_> = (0..4)
            .map(|_| {
                let (path, barrier) = (folder.key(), Arc::clone(&barrier));
                std::thread::spawn(move || {
                    barrier.wait();
                    let key = load_or_create_seal_key(&path, true, &SystemEntropy).unwrap();
                    key.to_base64().expose().clone()
                })
            })
            .collect();
        let mut keys: Vec<String> = starts.into_iter().map(|one| one.join().unwrap()).collect();
        keys.dedup();
        assert_eq!(keys.len(), 1);
        assert_eq!(std::fs::read_dir(&folder.0).unwrap().count(), 1, "no draft is left");
    }
}
