//! Opening an interaction: which row an address means, and whether this browser may go on with it
//! (`security.md` R84).

use super::Visit;
use crate::app::authorize::begin_again;
use crate::app::browser::{Browser, Cookies};
use crate::app::outcome::{Outcome, Reply, Stop};
use crate::app::{ClientNetwork, Fault, Issuer};
use crate::base::{Digest, InteractionId, Timestamp, from_base64url, to_base64url};
use crate::domain::{Client, Evidence, Interaction, Purpose};
use crate::store::{Touched, client_logos, clients, interactions};

/// The address part of an interaction: its row id and 16 random bytes, 43 characters.
#[derive(Clone)]
struct Address {
    id: InteractionId,
    bytes: Vec<u8>,
}

impl Address {
    fn parse(text: &str) -> Option<Self> {
        let bytes = from_base64url(text).ok().filter(|bytes| bytes.len() == 32)?;
        Some(Self { id: InteractionId::from_bytes(&bytes[..16]).ok()?, bytes })
    }
}

/// A new row and its address part. Without a browser it belongs to the first that opens it.
pub(in crate::app) fn new_row(
    issuer: &Issuer,
    purpose: Purpose,
    browser: Option<Digest>,
    network: ClientNetwork,
    now: Timestamp,
) -> (String, Interaction) {
    let id = InteractionId::new(now, issuer.entropy.as_ref());
    let address = [id.as_bytes().as_slice(), &issuer.entropy.bytes::<16>()].concat();
    let address_digest = Digest::of(&address);
    let row = Interaction {
        id,
        address_digest,
        browser_digest: browser.unwrap_or(unclaimed(address_digest)),
        network_digest: network.digest(),
        purpose,
        evidence: Evidence::default(),
        created_at: now,
        expires_at: now + issuer.settings.interaction_for,
        finished: None,
    };
    (to_base64url(&address), row)
}

/// What stands in place of a browser until one opens the row: no cookie has this digest.
fn unclaimed(address_digest: Digest) -> Digest {
    address_digest
}

/// Opens an interaction for the browser that began it (`security.md` R84).
pub(in crate::app) async fn open(
    issuer: &Issuer,
    address: &str,
    cookies: &Cookies,
) -> Result<Result<Visit, Reply>, Fault> {
    let now = issuer.now();
    let Some(parsed) = Address::parse(address) else {
        return Ok(Err(Reply::stop(Stop::NotFound)));
    };
    let id = parsed.id;
    let found = issuer.store.read(move |db| interactions::find_interaction(db, id)).await?;
    let Some(mut row) = found.filter(|row| row.address_digest.matches(&parsed.bytes)) else {
        return Ok(Err(Reply::stop(Stop::Expired(None))));
    };
    let browser = Browser::load(issuer, cookies, now).await?;
    let is_unclaimed = row.browser_digest == unclaimed(row.address_digest);
    let key = match &browser.key {
        Some(key) if row.browser_digest == key.digest() => key.clone(),
        Some(key) if is_unclaimed => {
            let (from, to) = (row.browser_digest, key.digest());
            let is_ours = issuer
                .store
                .write_touching(Touched::Nothing, "claim interaction", move |db| {
                    interactions::claim_interaction(db, id, &from, &to)
                })
                .await?;
            if !is_ours {
                return Ok(Err(Reply::stop(Stop::Expired(None))));
            }
            row.browser_digest = to;
            key.clone()
        }
        Some(_) => return Ok(Err(Reply::stop(Stop::Expired(None)))),
        None if is_unclaimed => {
            return claim_with_new_cookie(issuer, address, &row, &browser).await.map(Err);
        }
        None => {
            let retry = format!("/i/{address}/restart");
            return Ok(Err(Reply::stop(Stop::CookieBlocked { retry })));
        }
    };
    let (client, logo) = load_client(issuer, &row.purpose).await?.unzip();
    if now >= row.expires_at {
        return Ok(Err(Reply::stop(Stop::Expired(client.as_ref().and_then(way_back)))));
    }
    Ok(Ok(Visit {
        address: address.to_owned(),
        row,
        browser,
        key,
        client,
        logo: logo.flatten(),
        now,
    }))
}

/// A request that was posted from another site meets its browser's first cookie: the cookie is
/// set, and the next look at the same address proves that the browser keeps it.
async fn claim_with_new_cookie(
    issuer: &Issuer,
    address: &str,
    row: &Interaction,
    browser: &Browser,
) -> Result<Reply, Fault> {
    let (key, cookies) = browser.key_or_new(issuer.entropy.as_ref());
    let (id, from, to) = (row.id, row.browser_digest, key.digest());
    issuer
        .store
        .write_touching(Touched::Nothing, "claim interaction", move |db| {
            interactions::claim_interaction(db, id, &from, &to)
        })
        .await?;
    Ok(Reply { outcome: Outcome::Goto(format!("/i/{address}")), cookies })
}

/// Begins the same request anew, for a browser that lost its cookie or was not the one that began
/// it. Nothing that was proven comes along, so it is as if the app had asked again.
///
/// # Errors
/// When the store fails.
pub async fn restart(
    issuer: &Issuer,
    address: &str,
    cookies: &Cookies,
    network: ClientNetwork,
) -> Result<Reply, Fault> {
    let Some(parsed) = Address::parse(address) else { return Ok(Reply::stop(Stop::NotFound)) };
    let (id, now) = (parsed.id, issuer.now());
    let found = issuer.store.read(move |db| interactions::find_interaction(db, id)).await?;
    let found = found.filter(|row| row.address_digest.matches(&parsed.bytes));
    match found.filter(|row| now < row.expires_at) {
        Some(row) => begin_again(issuer, row.purpose, cookies, network).await,
        None => Ok(Reply::stop(Stop::Expired(None))),
    }
}

/// The client that asks, and the digest of its logo.
async fn load_client(
    issuer: &Issuer,
    purpose: &Purpose,
) -> Result<Option<(Client, Option<Digest>)>, Fault> {
    let Purpose::Authorize(request) = purpose else { return Ok(None) };
    let id = request.client;
    let found = issuer.store.read(move |db| {
        let Some(client) = clients::find_client(db, id)? else { return Ok(None) };
        let logo = match &client.metadata.logo_uri {
            Some(_) => client_logos::find_logo_digest(db, id)?,
            None => None,
        };
        Ok(Some((client, logo)))
    });
    Ok(found.await?)
}

/// Where a person can go when a request is over: the app's name, and an address of the app.
fn way_back(client: &Client) -> Option<(String, String)> {
    let metadata = &client.metadata;
    let address = metadata.initiate_login_uri.as_ref().or(metadata.client_uri.as_ref())?;
    Some((client.display_name().to_owned(), address.clone()))
}

/// Opens the interaction behind a form: the browser must be the one that began it, and the form
/// must be one that we gave to this browser (`security.md` R87).
pub(in crate::app) async fn open_form(
    issuer: &Issuer,
    address: &str,
    cookies: &Cookies,
    csrf: &str,
) -> Result<Result<Visit, Reply>, Fault> {
    let visit = match open(issuer, address, cookies).await? {
        Ok(visit) => visit,
        Err(reply) => return Ok(Err(reply)),
    };
    if visit.key.accepts_csrf(issuer, csrf) {
        Ok(Ok(visit))
    } else {
        Ok(Err(Reply::stop(Stop::Forged)))
    }
}
