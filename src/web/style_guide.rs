//! In development mode: every page state and every mail with sample data, for looking at and for the
//! tests that measure accessibility, and the mails that were sent.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::web::{Data, Path, ServiceConfig, get, resource};
use actix_web::{HttpRequest, HttpResponse};

use super::{Site, errors, security_headers, shell};
use crate::pages::{self, Locale, MailsPage};

type Gallery = Arc<Vec<(&'static str, String)>>;

/// The page states of a language that was asked for. They are the same each time, and a test run asks for each of
/// them.
fn gallery(locale: Locale) -> Gallery {
    static RENDERED: LazyLock<Mutex<HashMap<Locale, Gallery>>> = LazyLock::new(Mutex::default);
    let mut rendered = RENDERED.lock().unwrap_or_else(PoisonError::into_inner);
    let states = rendered.entry(locale).or_insert_with(|| Arc::new(pages::gallery(locale)));
    Arc::clone(states)
}

pub(super) fn routes(config: &mut ServiceConfig) {
    config
        .service(resource("/dev/styleguide").route(get().to(index)))
        .service(resource("/dev/styleguide/{name}").route(get().to(state)))
        .service(resource("/dev/mails").route(get().to(mails)))
        .service(resource("/dev/mails/{number}").route(get().to(mail)));
}

async fn index(http: HttpRequest) -> HttpResponse {
    let locale = shell::locale(&http, None);
    let pages = gallery(locale);
    let states = pages.iter().map(|(name, _)| (*name).to_owned());
    let mails = pages::mail_gallery(locale).into_iter().map(|(name, _)| name);
    let links: String = states
        .chain(mails)
        .map(|name| format!("<li><a href=\"/dev/styleguide/{name}\">{name}</a></li>"))
        .collect();
    html(format!(
        "<!doctype html><html lang=\"en\"><title>Style guide</title><main><h1>Style guide</h1><ul>{links}</ul></main></html>"
    ))
}

async fn state(http: HttpRequest, name: Path<String>, site: Data<Site>) -> HttpResponse {
    let locale = shell::locale(&http, None);
    if let Some((_, page)) = gallery(locale).iter().find(|(known, _)| *known == name.as_str()) {
        return html(page.clone());
    }
    let mails = pages::mail_gallery(locale);
    match mails.into_iter().find(|(known, _)| known == name.as_str()) {
        Some((_, mail)) => mail_html(mail.html),
        None => errors::not_found(http, site).await,
    }
}

/// What was sent of late.
async fn mails(http: HttpRequest, site: Data<Site>) -> HttpResponse {
    let mails = site.issuer.sent_mails();
    let page = MailsPage { shell: shell::shell(&http, Some(&site), None), mails };
    errors::page(&http, StatusCode::OK, &page)
}

/// One of them as a mail program shows it.
async fn mail(http: HttpRequest, number: Path<u64>, site: Data<Site>) -> HttpResponse {
    let sent = site.issuer.sent_mails();
    match sent.into_iter().find(|sent| sent.number == *number) {
        Some(sent) => mail_html(sent.mail.html),
        None => errors::not_found(http, site).await,
    }
}

/// A mail has its styles inside, which no page of ours has.
fn mail_html(mail: String) -> HttpResponse {
    let mut response = html(mail);
    let policy = HeaderValue::from_static(security_headers::MAIL_POLICY);
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    response
}

fn html(page: String) -> HttpResponse {
    HttpResponse::Ok().content_type("text/html; charset=utf-8").body(page)
}
