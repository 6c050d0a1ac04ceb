//! `/sign-up/{link}`: the link of a sign-up, wherever it is opened. Opening it by GET changes nothing
//! (`security.md` R70).

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Payload, ServiceConfig, get, post, resource, route};
use actix_web::{HttpRequest, HttpResponse};

use super::login::{sign_up_error, sign_up_person_page};
use super::recovery::enter_by_form;
use super::shell::shell;
use super::{Site, cookies, errors, reference};
use crate::app::outcome::Stop;
use crate::app::passwords::MIN_OF_ONLY_FACTOR;
use crate::app::recovery::{Entered, enter};
use crate::app::sign_up::{self as app, Person, Shown, SignUpRefusal};
use crate::base::Secret;
use crate::pages::{SignUpDonePage, SignUpGonePage, SignUpPersonPage};

pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(
        resource("/sign-up/{link}")
            .route(get().to(show))
            .route(post().to(create))
            .default_service(route().to(errors::method_not_allowed)),
    );
}

async fn show(http: HttpRequest, link: Path<String>, site: Data<Site>) -> HttpResponse {
    if !site.issuer.lets_sign_up() {
        return errors::stop(&http, &site, Stop::NotFound);
    }
    match enter(&site.issuer, &cookies::read(&http, &site)).await {
        Ok(entered) => link_page(&http, &site, entered, &link, (String::new(), None)).await,
        Err(fault) => errors::fault(&http, &site, &fault),
    }
}

async fn create(
    http: HttpRequest,
    link: Path<String>,
    payload: Payload,
    site: Data<Site>,
) -> HttpResponse {
    if !site.issuer.lets_sign_up() {
        return errors::stop(&http, &site, Stop::NotFound);
    }
    let (entered, form) = match enter_by_form(&http, payload, &site).await {
        Ok(entered) => entered,
        Err(response) => return response,
    };
    let text = |name| form.one(name).ok().flatten().unwrap_or_default().to_owned();
    let (name, caller) = (text("name"), reference::caller(&http, &site));
    let person = Person { name: &name, password: Secret::new(text("password")) };
    match app::create(&site.issuer, Shown::Link(&link), person, caller).await {
        Ok(Ok(_)) => {
            let page = SignUpDonePage { shell: shell(&http, Some(&site), None) };
            errors::page(&http, StatusCode::OK, &page)
        }
        Ok(Err(refusal)) => {
            let name = name.chars().take(255).collect();
            link_page(&http, &site, entered, &link, (name, Some(refusal))).await
        }
        Err(fault) => errors::fault(&http, &site, &fault),
    }
}

async fn link_page(
    http: &HttpRequest,
    site: &Site,
    entered: Entered,
    link: &str,
    (name, refusal): (String, Option<SignUpRefusal>),
) -> HttpResponse {
    let address = match app::address_of(&site.issuer, link).await {
        Ok(address) => address,
        Err(fault) => return errors::fault(http, site, &fault),
    };
    let Some(email) = address else {
        let page = SignUpGonePage { shell: shell(http, Some(site), None), is_invitation: false };
        return errors::page(http, StatusCode::NOT_FOUND, &page);
    };
    let page = SignUpPersonPage {
        shell: shell(http, Some(site), None),
        app: None,
        action: format!("/sign-up/{link}"),
        csrf: entered.csrf,
        code_again: None,
        email,
        name,
        min_length: MIN_OF_ONLY_FACTOR,
        sign_in_href: "/sign-in".to_owned(),
        error: refusal.map(sign_up_error),
    };
    cookies::apply(sign_up_person_page(http, &page), entered.cookies, site)
}
