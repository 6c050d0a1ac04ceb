//! Hashes that other systems made. The outputs were computed by other implementations: the
//! reference's tests (argon2), the vectors of crypt_blowfish (bcrypt), RFC 7914 §12 (scrypt),
//! passlib's documentation, and Python's hashlib.

use crate::base::Secret;
use crate::credentials::{Argon2Cost, InvalidHash, PasswordHash, PasswordPool, Verified};

const CHEAP: Argon2Cost = Argon2Cost { memory_kib: 64, passes: 1 };
const STAPLE: &str = "correct horse battery staple";
const BCRYPT: &str = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";
/// Of 0 to 9, a to z, A to Z, 0 to 9, and "chars after 72 are ignored".
const BCRYPT_LONG: &str = "$2a$05$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui";
const SCRYPT: &str =
    "$scrypt$ln=10,r=8,p=2$8PHy8/T19vf4+fr7/P3+/w$p4tDseuOK02FvpkLpgnrqTKjnlK86Vk2NLXFo8AMsHM";

fn secret(text: &str) -> Secret<String> {
    Secret::new(text.to_owned())
}

async fn verify(pool: &PasswordPool, password: &str, hash: &str) -> Verified {
    let hash = PasswordHash::import(hash).unwrap();
    pool.verify(secret(password), Some(&hash)).await.unwrap()
}

#[tokio::test]
async fn r55_hashes_of_other_systems_open_to_their_passwords_and_are_to_be_replaced() {
    let pool = PasswordPool::new(CHEAP, 1).unwrap();
    for (password, hash) in [
        ("U*U", BCRYPT),
        ("U*U", &BCRYPT.replace("2a", "2b")),
        ("U*U", &BCRYPT.replace("2a", "2y")),
        ("U*U*U", "$2a$05$XXXXXXXXXXXXXXXXXXXXXOAcXxm9kjPGEMsLznoKqmqw7tc8WCx4a"),
        (STAPLE, "$pbkdf2-sha1$i=1000,l=20$8PHy8/T19vf4+fr7/P3+/w$b1ALU8iwgU5+fFcj2U3+nlZfu20"),
        (STAPLE, "$pbkdf2$1000$8PHy8/T19vf4.fr7/P3./w$b1ALU8iwgU5.fFcj2U3.nlZfu20"),
        (
            STAPLE,
            "$pbkdf2-sha256$i=1000$8PHy8/T19vf4+fr7/P3+/w==$0A35jjZ8X+jm/Nj9sc4uzmU/RqA2wljSyf5enbVFSOY=",
        ),
        (
            STAPLE,
            "$pbkdf2-sha512$i=1000,l=64$8PHy8/T19vf4+fr7/P3+/w$7Ny4dUakS7JIZAfjYpLQGSZsWvUihs7A6xXDgyqRrc3BkpXb3nL1/MvPpT3VxDAwU6FzpGn1KkCfA3fC7/680Q",
        ),
        (
            "password",
            "$pbkdf2-sha256$6400$.6UI/S.nXIk8jcbdHx3Fhg$98jZicV16ODfEsEZeYPGHU3kbrUrvUEXOPimVSQDD44",
        ),
        (STAPLE, "pbkdf2_sha256$1000$seasalt2$vVHZGEs7v6quz+ZQJ3YUviKmZHPrpr5OATMMKlICjVY="),
        (STAPLE, "pbkdf2_sha1$1000$seasalt2$ozaqlU+DzMlaOcVcNhmtJq5ziFg="),
        (STAPLE, SCRYPT),
        (
            "pleaseletmein",
            "$scrypt$ln=14,r=8,p=1$U29kaXVtQ2hsb3JpZGU$cCO9yzr9c0hGHAbNgf046/2o+7qQT44+qbVD9lRdofLVQylVYT8Pz2LUlwUkKpr55h6F3A1lHkDfzwF7RVdYhw",
        ),
        (
            "password",
            "$argon2i$v=16$m=256,t=2,p=1$c29tZXNhbHQ$/U3YPXYsSb3q9XxHvc0MLxur+GP960kN9j7emXX8zwY",
        ),
        (
            "password",
            "$argon2i$m=256,t=2,p=2$c29tZXNhbHQ$tsEVYKap1h6scGt5ovl9aLRGOqOth+AMB+KwHpDFZPs",
        ),
    ] {
        let right = Verified::Right { needs_rehash: true };
        assert_eq!(verify(&pool, password, hash).await, right, "{hash}");
        let other = format!("{password}x");
        assert_eq!(verify(&pool, &other, hash).await, Verified::Wrong, "{hash}");
        assert_eq!(verify(&pool, "", hash).await, Verified::Wrong, "{hash}");
    }
}

/// bcrypt looks at 72 bytes. The hash that replaces it does not.
#[tokio::test]
async fn r55_what_replaces_a_bcrypt_hash_is_of_the_whole_password() {
    let pool = PasswordPool::new(CHEAP, 1).unwrap();
    let digits = "0123456789";
    let letters: String = ('a'..='z').chain('A'..='Z').collect();
    let start = format!("{digits}{letters}{digits}");
    assert_eq!(start.len(), 72);
    let (own, other) = (format!("{start}chars after 72 are ignored"), format!("{start}others"));
    for password in [&own, &other] {
        let right = Verified::Right { needs_rehash: true };
        assert_eq!(verify(&pool, password, BCRYPT_LONG).await, right);
    }
    let replaced = pool.hash(secret(&own), [7; 16]).await.unwrap();
    assert!(replaced.as_str().starts_with("$argon2id$"));
    for (password, verified) in
        [(&own, Verified::Right { needs_rehash: false }), (&other, Verified::Wrong)]
    {
        assert_eq!(pool.verify(secret(password), Some(&replaced)).await, Ok(verified));
    }
}

/// Other systems hashed what was typed; ours is one normal form of it.
#[tokio::test]
async fn r55_an_imported_hash_is_of_what_was_typed() {
    let pool = PasswordPool::new(CHEAP, 1).unwrap();
    let other = PasswordPool::new(Argon2Cost { memory_kib: 128, passes: 1 }, 1).unwrap();
    // What an argon2 of other parameters made of the normal form opens to both ways of typing it.
    let hash = other.hash(secret("r\u{e9}sum\u{e9}"), [7; 16]).await.unwrap();
    for typed in ["re\u{301}sume\u{301}", "r\u{e9}sum\u{e9}"] {
        let verified = verify(&pool, typed, hash.as_str()).await;
        assert_eq!(verified, Verified::Right { needs_rehash: true });
    }
}

#[test]
fn r56_a_hash_that_asks_for_too_much_is_not_taken_over() {
    let output = "7Ny4dUakS7JIZAfjYpLQGSZsWvUihs7A6xXDgyqRrc3";
    let salt = "8PHy8/T19vf4+fr7/P3+/w";
    for costly in [
        &BCRYPT.replace("$05$", "$15$"),
        &BCRYPT.replace("$05$", "$31$"),
        &format!("$pbkdf2-sha256$i=2000001${salt}${output}"),
        &format!("$pbkdf2-sha256$i=4294967295${salt}${output}"),
        &format!("$scrypt$ln=19,r=8,p=1${salt}${output}"),
        &format!("$scrypt$ln=63,r=8,p=1${salt}${output}"),
        &format!("$scrypt$ln=200,r=8,p=1${salt}${output}"),
        &format!("$scrypt$ln=1,r=4294967295,p=1${salt}${output}"),
        &format!("$scrypt$ln=10,r=8,p=17${salt}${output}"),
        &format!("$scrypt$ln=18,r=8,p=8${salt}${output}"),
        &format!("$argon2id$v=19$m=262145,t=1,p=1${salt}${output}"),
        &format!("$argon2id$v=19$m=262144,t=5,p=1${salt}${output}"),
        &format!("$argon2id$v=19$m=64,t=4294967295,p=1${salt}${output}"),
        &format!("$argon2i$v=19$m=4096,t=3,p=64${salt}${output}"),
    ] {
        assert_eq!(PasswordHash::import(costly), Err(InvalidHash::TooCostly), "{costly}");
    }
}

#[test]
fn r55_a_hash_that_nothing_could_match_or_anything_might_is_not_taken_over() {
    use InvalidHash::{Malformed, Unknown};
    let good = SCRYPT;
    for (bad, why) in [
        ("", Unknown),
        ("correct horse battery staple", Unknown),
        ("5f4dcc3b5aa765d61d8327deb882cf99", Unknown),
        ("{SSHA}5f4dcc3b5aa765d61d8327deb882cf99", Unknown),
        ("$1$salt$qJH7.N4xYta3aEG/dfqo/0", Unknown),
        ("$argon2d$v=19$m=64,t=1,p=1$c29tZXNhbHQ$c29tZXNhbHRzb21lc2FsdA", Unknown),
        ("$pbkdf2-md5$i=1000$c29tZXNhbHQ$c29tZXNhbHRzb21lc2FsdA", Unknown),
        ("$2x$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", Unknown),
        (&BCRYPT[..59], Malformed),
        (&BCRYPT.replace("$05$", "$03$"), Malformed),
        (&BCRYPT.replace("$05$", "$xx$"), Malformed),
        // An empty or short output would be matched by guesses at itself.
        ("$scrypt$ln=10,r=8,p=2$8PHy8/T19vf4+fr7/P3+/w$", Malformed),
        ("$scrypt$ln=10,r=8,p=2$8PHy8/T19vf4+fr7/P3+/w$AAAA", Malformed),
        ("$pbkdf2-sha256$i=1000$8PHy8/T19vf4+fr7/P3+/w$", Malformed),
        ("$pbkdf2-sha256$i=0$8PHy8/T19vf4+fr7/P3+/w$c29tZXNhbHRzb21lc2FsdA", Malformed),
        ("$pbkdf2-sha256$i=1000$$c29tZXNhbHRzb21lc2FsdA", Malformed),
        ("$argon2id$v=19$m=64,t=1,p=1$$c29tZXNhbHRzb21lc2FsdA", Malformed),
        ("$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ$", Malformed),
        ("$argon2id$v=18$m=64,t=1,p=1$c29tZXNhbHQ$c29tZXNhbHRzb21lc2FsdA", Malformed),
        ("$argon2id$v=19$m=64,m=64,t=1$c29tZXNhbHQ$c29tZXNhbHRzb21lc2FsdA", Malformed),
        (&good.replace("ln=10", "ln=0"), Malformed),
        (&good.replace("r=8,", ""), Malformed),
        (&format!("{good}$more"), Malformed),
        (&format!("{good}é"), Malformed),
        (&good.repeat(8), Malformed),
    ] {
        assert_eq!(PasswordHash::import(bad), Err(why), "{bad}");
    }
}

/// One try is one hash, whatever is stored; the memory that a dear one took is given back.
#[tokio::test]
async fn r61_r63_a_try_computes_one_hash_whatever_is_stored() {
    let pool = PasswordPool::new(CHEAP, 1).unwrap();
    let own = pool.hash(secret(STAPLE), [7; 16]).await.unwrap();
    let own = own.as_str();
    let stored = [None, Some(own), Some(BCRYPT), Some(SCRYPT), Some("!"), Some("")];
    for stored in stored {
        let before = pool.hashes_computed();
        let hash = stored.map(|text| PasswordHash::new(text.to_owned()));
        let verified = pool.verify(secret("wrong"), hash.as_ref()).await;
        assert_eq!(verified, Ok(Verified::Wrong), "{stored:?}");
        assert_eq!(pool.hashes_computed() - before, 1, "{stored:?}");
    }
}
