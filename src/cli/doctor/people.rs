//! Who administers, and what apps may do.

use super::{Finding, named};
use crate::domain::Client;
use crate::protocol::ResponseType;
use crate::protocol::redirect_uri::is_loopback;
use crate::store::{Store, clients as client_rows, factors, users};

pub(super) async fn admins(store: &Store) -> Finding {
    const CHECK: &str = "administrators";
    let found = store.read(|db| {
        let (mut all, mut bare) = (0, Vec::new());
        for user in users::list_admins(db)? {
            all += 1;
            if !factors::find_factors(db, user.id)?.can_be_shown() {
                bare.push(user.username);
            }
        }
        Ok((all, bare))
    });
    match found.await {
        Err(error) => Finding::wrong(CHECK, error.to_string(), "see the line of the database"),
        Ok((0, _)) => Finding::look(
            CHECK,
            "there is none",
            "open the link of tessera setup-link, or run tessera user create --admin",
        ),
        Ok((all, bare)) if bare.is_empty() => {
            Finding::good(CHECK, format!("{all}, each with a second factor or a passkey"))
        }
        Ok((_, bare)) => Finding::look(
            CHECK,
            format!("a password alone opens everything: {}", named(&bare)),
            "have them add a passkey at /account/security, or set mfa.groups or mfa.required",
        ),
    }
}

/// What is risky about an app, if anything.
fn risks(client: &Client) -> Option<String> {
    let mut found = Vec::new();
    let front = ResponseType::ALL
        .into_iter()
        .any(|one| one != ResponseType::CODE && client.may_use_response(one));
    if front {
        found.push("tokens in addresses");
    }
    let is_cleartext = |address: &String| {
        url::Url::parse(address).is_ok_and(|url| {
            url.scheme() == "http" && !url.host().is_some_and(|host| is_loopback(&host))
        })
    };
    if client.metadata.redirect_uris.iter().any(is_cleartext) {
        found.push("codes over http");
    }
    if client.may_use_grant("authorization_code") && !client.must_use_pkce() {
        found.push("no PKCE");
    }
    let told = || format!("{} ({})", client.client_id, found.join(", "));
    (!found.is_empty()).then(told)
}

pub(super) async fn clients(store: &Store) -> Finding {
    const CHECK: &str = "apps";
    let all = match store.read(client_rows::list_clients).await {
        Ok(all) => all,
        Err(error) => {
            return Finding::wrong(CHECK, error.to_string(), "see the line of the database");
        }
    };
    let risky: Vec<String> =
        all.iter().filter(|client| client.is_enabled()).filter_map(risks).collect();
    if risky.is_empty() {
        return Finding::good(CHECK, format!("{}, none with a risky setting", all.len()));
    }
    Finding::look(
        CHECK,
        named(&risky),
        "where the app can: response_types [\"code\"], https addresses, and require_pkce = true",
    )
}
