use std::time::Duration;

use crate::base::Secret;
use crate::credentials::{Argon2Cost, PasswordError, PasswordPool, Verified};

const SLOW: Argon2Cost = Argon2Cost { memory_kib: 8 * 1024, passes: 3 };
const QUICK: Argon2Cost = Argon2Cost { memory_kib: 64, passes: 1 };

fn secret(text: &str) -> Secret<String> {
    Secret::new(text.to_owned())
}

#[tokio::test]
async fn r56_more_than_the_line_holds_is_told_when_to_return() {
    let pool = PasswordPool::new(SLOW, 1).unwrap();
    let calls = (0..200).map(|_| pool.verify(secret("password"), None));
    let ended = futures_util::future::join_all(calls).await;
    let busy = ended.iter().filter(|one| matches!(one, Err(PasswordError::Busy { .. }))).count();
    let done = ended.iter().filter(|one| **one == Ok(Verified::Wrong)).count();
    assert_eq!(busy + done, 200);
    // The line holds 64, and the thread takes some meanwhile.
    assert!((64..100).contains(&done), "{done}");
    for one in &ended {
        if let Err(PasswordError::Busy { retry_after }) = one {
            assert!((1..=5).contains(&retry_after.as_secs()), "{retry_after:?}");
        }
    }
    assert_eq!(pool.verify(secret("password"), None).await, Ok(Verified::Wrong));
}

#[tokio::test]
async fn r56_a_password_over_4_kib_is_refused_before_anything() {
    let pool = PasswordPool::new(QUICK, 1).unwrap();
    let (most, too_long) = ("x".repeat(4096), "x".repeat(4097));
    assert_eq!(pool.hash(secret(&too_long), [0; 16]).await, Err(PasswordError::TooLong));
    assert_eq!(pool.verify(secret(&too_long), None).await, Err(PasswordError::TooLong));
    let hash = pool.hash(secret(&most), [0; 16]).await.unwrap();
    let verified = pool.verify(secret(&most), Some(&hash)).await;
    assert_eq!(verified, Ok(Verified::Right { needs_rehash: false }));
    // Bytes count, not characters.
    let wide = "\u{1F511}".repeat(1025);
    assert_eq!(pool.verify(secret(&wide), None).await, Err(PasswordError::TooLong));
}

/// Callers that went away have no place in the line when their turn comes, so that a flood of
/// closed connections does not keep those who wait.
#[tokio::test]
async fn r56_a_caller_that_went_away_costs_nothing() {
    let pool = PasswordPool::new(Argon2Cost { memory_kib: 32 * 1024, passes: 4 }, 1).unwrap();
    pool.verify(secret("password"), None).await.unwrap();
    let one = pool.work_done();
    for _ in 0..40 {
        let call = pool.verify(secret("password"), None);
        assert!(tokio::time::timeout(Duration::ZERO, call).await.is_err());
    }
    assert_eq!(pool.verify(secret("password"), None).await, Ok(Verified::Wrong));
    // The thread may have begun some before their callers went away.
    assert!(pool.work_done() < one * 20, "{} against {one}", pool.work_done());
}

/// An account that does not exist takes as long as one that does: the same work is done.
#[tokio::test]
async fn r61_a_missing_account_takes_the_same_work() {
    let pool = PasswordPool::new(SLOW, 1).unwrap();
    let hash = pool.hash(secret("password"), [0; 16]).await.unwrap();
    let one = pool.work_done();
    assert!(one > 0);
    assert_eq!(pool.verify(secret("other"), Some(&hash)).await, Ok(Verified::Wrong));
    assert_eq!(pool.work_done(), 2 * one);
    assert_eq!(pool.verify(secret("other"), None).await, Ok(Verified::Wrong));
    assert_eq!(pool.work_done(), 3 * one);
}
