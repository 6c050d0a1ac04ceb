//! How the provider is reached, and reaches others.

use super::Finding;
use crate::config::Settings;
use crate::credentials::PasskeyJudge;
use crate::notify::Mailer;

pub(super) fn public_url(settings: &Settings) -> Finding {
    const CHECK: &str = "public_url";
    let url = &settings.public_url;
    let text = url.as_str();
    if settings.is_dev && !url.is_loopback() {
        return Finding::look(
            CHECK,
            format!("dev = true on {text}: mails can be read by everybody, and https is relaxed"),
            "set dev = false before anybody else comes",
        );
    }
    if url.is_loopback() {
        return Finding::look(
            CHECK,
            format!("{text} is this machine alone"),
            "set public_url to the https address that people use, before apps are connected",
        );
    }
    if url.is_https() {
        return Finding::good(CHECK, text);
    }
    Finding::wrong(CHECK, format!("{text} is not https"), "set public_url to an https address")
}

pub(super) fn listener(settings: &Settings) -> Finding {
    const CHECK: &str = "listener";
    let listen = settings.listen;
    if settings.tls.is_some() {
        return Finding::good(CHECK, format!("https on {listen}"));
    }
    if listen.ip().is_loopback() {
        return Finding::good(CHECK, format!("http on {listen}, for this machine alone"));
    }
    if !settings.trusted_proxies.is_empty() {
        return Finding::good(CHECK, format!("http on {listen}, behind trusted_proxies"));
    }
    Finding::look(
        CHECK,
        format!("http on {listen}: passwords can be read on the way"),
        "listen on 127.0.0.1 behind a proxy, set tls.cert and tls.key, or name the proxy in \
         trusted_proxies",
    )
}

/// WebAuthn takes a domain name, and ties every passkey to it for ever.
pub(super) fn passkeys(settings: &Settings) -> Finding {
    const CHECK: &str = "passkeys";
    match PasskeyJudge::new(settings.public_url.as_str(), "Tessera") {
        Some(_) => Finding::good(CHECK, format!("they belong to {}", settings.public_url.host())),
        None => Finding::look(
            CHECK,
            format!("{} has no domain name, so there can be none", settings.public_url.as_str()),
            "set public_url to an address with a domain name",
        ),
    }
}

pub(super) async fn mail(settings: &Settings) -> Finding {
    const CHECK: &str = "mail";
    let Some(mail) = &settings.mail else {
        return Finding::look(
            CHECK,
            "none: nobody gets back in alone, or hears of changes of their account",
            "set mail.url and mail.from",
        );
    };
    let greeted = match Mailer::new(mail.clone()) {
        Ok(mailer) => mailer.greet().await,
        Err(problem) => Err(problem),
    };
    match greeted {
        Ok(()) => Finding::good(CHECK, "the mail server lets us in"),
        Err(problem) => Finding::wrong(
            CHECK,
            problem.to_string(),
            "see mail.url: host, port, user and password, and whether a firewall is in the way",
        ),
    }
}
