//! Browsers that an account signed in with. The first sign-in in one that it never had is told to its
//! owner, once they signed in before; nothing is decided by it, and nothing is slower for it.

use crate::app::browser::BrowserKey;
use crate::app::{Caller, Fault, Issuer, mail};
use crate::base::{Digest, Timestamp, UserId};
use crate::credentials::Purpose;
use crate::domain::Letter;
use crate::pages::Mail;
use crate::store::{Db, StoreError, known_browsers as queries};

/// A browser at the moment of a sign-in: to be noted in the transaction that makes the session.
#[derive(Clone)]
pub(super) struct Sight {
    user: UserId,
    digest: Digest,
    letter: Option<Letter>,
}

/// Looks whether `user` signed in with this browser before, and writes the mail if it is news.
pub(super) async fn look(
    issuer: &Issuer,
    key: &BrowserKey,
    user: UserId,
    caller: Caller,
) -> Result<Sight, Fault> {
    let digest = digest_of(issuer, key, user);
    let known = issuer.store.read(move |db| queries::list_browsers(db, user)).await?;
    // Who signs in for the first time knows that.
    let is_news = !known.is_empty() && known.iter().all(|one| one.digest != digest);
    let letter = if is_news { issuer.notice(user, &Mail::NewSignIn, caller).await? } else { None };
    Ok(Sight { user, digest, letter })
}

/// The browser in which an account is made.
pub(super) fn first(issuer: &Issuer, key: &BrowserKey, user: UserId) -> Sight {
    Sight { user, digest: digest_of(issuer, key, user), letter: None }
}

impl Sight {
    /// Keeps the browser, and puts the mail into the outbox if no other sign-in in it was quicker.
    pub(super) fn note(&self, db: &mut Db, now: Timestamp) -> Result<(), StoreError> {
        let is_new = queries::note_browser(db, self.user, &self.digest, now)?;
        mail::put(db, self.letter.as_ref().filter(|_| is_new), now)
    }

    /// Whether there may be a mail in the outbox.
    pub(super) fn is_told(&self) -> bool {
        self.letter.is_some()
    }
}

/// The digest of a browser for one account.
pub(super) fn digest_of(issuer: &Issuer, key: &BrowserKey, user: UserId) -> Digest {
    let cookie = key.digest().to_text();
    let secret = issuer.purpose_key(Purpose::KnownBrowser);
    Digest::of_hmac(&secret, &[user.as_bytes().as_slice(), cookie.as_bytes()])
}
