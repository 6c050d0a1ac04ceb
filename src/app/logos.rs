//! The logos of clients: fetched in the background, once, whichever process is first.

use crate::app::{Fault, Issuer};
use crate::base::Digest;
use crate::domain::DueLogo;
use crate::store::client_logos;

/// Logos that are fetched side by side.
const TOGETHER: i64 = 8;

/// Fetches logos that are due and says how many it kept. One that cannot be had is tried again
/// later and later; its client does without it.
///
/// # Errors
/// When the store does not answer.
pub async fn fetch_due(issuer: &Issuer) -> Result<usize, Fault> {
    let now = issuer.now();
    let due = issuer.store.read(move |db| client_logos::list_due_logos(db, now, TOGETHER)).await?;
    let kept = futures_util::future::try_join_all(due.into_iter().map(|one| fetch(issuer, one)));
    Ok(kept.await?.into_iter().filter(|is_kept| *is_kept).count())
}

async fn fetch(issuer: &Issuer, due: DueLogo) -> Result<bool, Fault> {
    let (claimed, again_at) = (due.clone(), due.due_again(issuer.now()));
    let claim = move |db: &mut _| client_logos::claim_logo(db, &claimed, again_at);
    if !issuer.store.write("claim logo", claim).await? {
        return Ok(false);
    }
    let png = match issuer.logos.fetch(&due.source).await {
        Ok(png) => png,
        Err(problem) => {
            tracing::warn!(client = %due.client, %problem, "a logo could not be fetched");
            return Ok(false);
        }
    };
    let digest = Digest::of(&png);
    let keep = move |db: &mut _| client_logos::keep_logo(db, &due, &digest, &png);
    Ok(issuer.store.write("keep logo", keep).await?)
}

/// A logo by its digest in the address, as a PNG.
///
/// # Errors
/// When the store does not answer.
pub async fn find(issuer: &Issuer, digest: &str) -> Result<Option<Vec<u8>>, Fault> {
    let Ok(digest) = Digest::from_text(digest) else { return Ok(None) };
    Ok(issuer.store.read(move |db| client_logos::find_logo(db, &digest)).await?)
}
