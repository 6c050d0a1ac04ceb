//! What an app meets at `public_url`.

use std::time::{Duration, SystemTime};

use actix_web::http::header::HttpDate;
use serde_json::Value;
use x509_parser::prelude::{FromDer as _, Validity, X509Certificate};

use super::machine::clock;
use super::{Finding, days};
use crate::base::{Clock as _, SystemClock};
use crate::config::Settings;

const PATIENCE: Duration = Duration::from_secs(5);
/// Discovery takes a few KiB: what is longer is something else, or has no end.
const MAX_BODY: usize = 1024 * 1024;
const DAY: i64 = 24 * 60 * 60;
/// A certificate that is renewed by hand needs this long.
const RENEWED_BEFORE: i64 = 14 * DAY;

/// What was met.
struct Met {
    discovery: Value,
    /// How many seconds the server is ahead of this machine.
    ahead: Option<i64>,
    /// For how long the certificate counts, over https.
    validity: Option<Validity>,
}

/// Asks for discovery as an app does, and looks at the answer.
pub(super) async fn look(settings: &Settings) -> Vec<Finding> {
    let url = format!("{}/.well-known/openid-configuration", settings.public_url.as_str());
    match fetch(settings, &url).await {
        Ok(met) => {
            let mut found = vec![issuer(settings, &url, &met.discovery)];
            let now = SystemClock.now().as_seconds();
            found.extend(met.validity.map(|validity| certificate(&validity, now)));
            found.extend(met.ahead.map(|ahead| clock("clock", "public_url", ahead)));
            found
        }
        Err(why) => vec![Finding::wrong(
            "discovery",
            format!("{url}: {why}"),
            "start the server, and see that name, certificate and proxy lead to it",
        )],
    }
}

/// Apps compare the issuer byte for byte.
fn issuer(settings: &Settings, url: &str, discovery: &Value) -> Finding {
    const CHECK: &str = "discovery";
    let expected = settings.public_url.as_str();
    match discovery["issuer"].as_str() {
        Some(issuer) if issuer == expected => {
            Finding::good(CHECK, format!("{url} answers with this issuer"))
        }
        Some(issuer) => Finding::wrong(
            CHECK,
            format!("{url} answers with the issuer {issuer}, and public_url is {expected}"),
            "start the server with this configuration, or lead the name to the right one",
        ),
        None => Finding::wrong(
            CHECK,
            format!("{url} answers with something else"),
            "see where name and proxy lead to",
        ),
    }
}

/// One that counts for a few days by design is late when a third of them is left.
fn certificate(validity: &Validity, now: i64) -> Finding {
    const CHECK: &str = "certificate";
    let (begins, ends) = (validity.not_before.timestamp(), validity.not_after.timestamp());
    let left = ends - now;
    let cause = format!("it counts for another {}", days(left));
    if left < RENEWED_BEFORE.min((ends - begins) / 3) {
        return Finding::look(
            CHECK,
            cause,
            "renew it, and restart what serves https: the proxy, or this server with tls.cert",
        );
    }
    Finding::good(CHECK, cause)
}

async fn fetch(settings: &Settings, url: &str) -> Result<Met, String> {
    let mut builder = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(PATIENCE)
        .tls_info(true);
    if let Some(path) = &settings.outbound.extra_ca {
        let pem = std::fs::read(path).map_err(|error| format!("outbound.extra_ca: {error}"))?;
        let roots = reqwest::Certificate::from_pem_bundle(&pem);
        for root in roots.map_err(|_| "outbound.extra_ca holds no certificate".to_owned())? {
            builder = builder.add_root_certificate(root);
        }
    }
    let client = builder.build().map_err(|error| error.to_string())?;
    let mut answer = client.get(url).send().await.map_err(|error| why(&error))?;
    let status = answer.status().as_u16();
    if status != 200 {
        return Err(format!("the answer is {status}"));
    }
    let (ahead, validity) = (seconds_ahead(&answer), validity(&answer));
    let mut body = Vec::new();
    while let Some(part) = answer.chunk().await.map_err(|error| why(&error))? {
        if body.len() + part.len() > MAX_BODY {
            return Err("the answer is too long".to_owned());
        }
        body.extend_from_slice(&part);
    }
    let discovery =
        serde_json::from_slice(&body).map_err(|_| "the answer is no JSON".to_owned())?;
    Ok(Met { discovery, ahead, validity })
}

/// How far the server's clock is ahead, by the time of its answer (RFC 9110 §6.6.1).
fn seconds_ahead(answer: &reqwest::Response) -> Option<i64> {
    let date = answer.headers().get("date")?.to_str().ok()?;
    let theirs = SystemTime::from(date.parse::<HttpDate>().ok()?);
    let theirs = theirs.duration_since(SystemTime::UNIX_EPOCH).ok()?.as_secs();
    Some(i64::try_from(theirs).ok()? - SystemClock.now().as_seconds())
}

/// For how long the certificate counts that the server showed.
fn validity(answer: &reqwest::Response) -> Option<Validity> {
    let shown = answer.extensions().get::<reqwest::tls::TlsInfo>()?.peer_certificate()?;
    let (_, certificate) = X509Certificate::from_der(shown).ok()?;
    Some(certificate.validity.clone())
}

/// The innermost cause: the outer ones say that a request failed.
fn why(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    format!("no answer ({cause})")
}
