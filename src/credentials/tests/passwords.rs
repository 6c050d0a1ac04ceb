use crate::base::Secret;
use crate::credentials::{Argon2Cost, PasswordHash, PasswordPool, Verified};

const SALT: [u8; 16] = *b"sixteen bytes ok";
const CHEAP: Argon2Cost = Argon2Cost { memory_kib: 64, passes: 1 };

fn secret(text: &str) -> Secret<String> {
    Secret::new(text.to_owned())
}

async fn is_right(pool: &PasswordPool, password: &str, hash: &PasswordHash) -> bool {
    pool.verify(secret(password), Some(hash)).await.unwrap() != Verified::Wrong
}

#[tokio::test]
async fn r55_the_whole_password_counts() {
    let pool = PasswordPool::new(CHEAP, 1).unwrap();
    let long = "0123456789".repeat(30);
    for (password, other) in [
        ("before\0after", "before\0other"),
        ("before\0after", "before"),
        (&format!("{}a", &long[..72]), &format!("{}b", &long[..72])),
        (&format!("{long}a"), &long),
        ("trailing space ", "trailing space"),
        ("Case", "case"),
        ("", " "),
    ] {
        let hash = pool.hash(secret(password), SALT).await.unwrap();
        assert!(is_right(&pool, password, &hash).await, "{password:?}");
        assert!(!is_right(&pool, other, &hash).await, "{other:?} opened {password:?}");
    }
}

#[tokio::test]
async fn r55_two_ways_to_type_a_letter_are_one() {
    let pool = PasswordPool::new(CHEAP, 1).unwrap();
    let hash = pool.hash(secret("re\u{301}sume\u{301}"), SALT).await.unwrap();
    assert!(is_right(&pool, "r\u{e9}sum\u{e9}", &hash).await);
    assert!(!is_right(&pool, "resume", &hash).await);
}

/// The vectors of the reference implementation's own tests for argon2id, version 19.
#[tokio::test]
async fn r55_hashes_of_the_reference_implementation_verify() {
    let pool = PasswordPool::new(CHEAP, 1).unwrap();
    for phc in [
        "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
    ] {
        let hash = PasswordHash::new(phc.to_owned());
        let verified = pool.verify(secret("password"), Some(&hash)).await.unwrap();
        assert_eq!(verified, Verified::Right { needs_rehash: true });
        let verified = pool.verify(secret("Password"), Some(&hash)).await.unwrap();
        assert_eq!(verified, Verified::Wrong);
    }
}

#[tokio::test]
async fn r55_a_hash_keeps_its_parameters_and_is_renewed() {
    let cheap = PasswordPool::new(CHEAP, 1).unwrap();
    let dearer = PasswordPool::new(Argon2Cost { memory_kib: 128, passes: 2 }, 1).unwrap();
    let hash = cheap.hash(secret("password"), SALT).await.unwrap();
    assert!(hash.as_str().starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{}", hash.as_str());
    for (pool, needs_rehash) in [(&cheap, false), (&dearer, true)] {
        let verified = pool.verify(secret("password"), Some(&hash)).await.unwrap();
        assert_eq!(verified, Verified::Right { needs_rehash });
    }
    assert_eq!(format!("{hash:?}"), "PasswordHash(…)");
}

#[tokio::test]
async fn r55_a_salt_makes_equal_passwords_differ() {
    let pool = PasswordPool::new(CHEAP, 1).unwrap();
    let one = pool.hash(secret("password"), SALT).await.unwrap();
    let other = pool.hash(secret("password"), *b"another 16 bytes").await.unwrap();
    assert_ne!(one.as_str().rsplit('$').next(), other.as_str().rsplit('$').next());
}

/// Whatever stands in the row, a wrong form opens nothing and breaks nothing.
#[tokio::test]
async fn a_malformed_hash_is_a_wrong_password() {
    let pool = PasswordPool::new(CHEAP, 1).unwrap();
    let good = pool.hash(secret("password"), SALT).await.unwrap();
    let good = good.as_str();
    for bad in [
        "",
        "password",
        "$argon2id$v=19$m=64,t=1,p=1$$",
        &good.replace("argon2id", "argon2i"),
        &good.replace("v=19", "v=16"),
        &good.replace("p=1", "p=2"),
        &good.replace("t=1", "t=0"),
        &good.replace("t=1,", ""),
        &good.replace("m=64", "m=-1"),
        &good.replace("m=64", "m=4294967295"),
        &good.replace("m=64", "m=99999999999999"),
        &format!("{good}$x"),
        &good[..good.len() - 4],
    ] {
        let stored = PasswordHash::new(bad.to_owned());
        let verified = pool.verify(secret("password"), Some(&stored)).await;
        assert!(!matches!(verified, Ok(Verified::Right { .. })), "{bad}");
    }
    let stored = PasswordHash::new(good.to_owned());
    assert!(is_right(&pool, "password", &stored).await, "the pool still works");
}
