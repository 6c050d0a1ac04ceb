//! `/email/{link}`: a link from a mail that confirms an address, opened on whatever device. Opening it
//! by GET changes nothing (`security.md` R70), and confirming signs nobody in.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Payload, ServiceConfig, get, post, resource, route};
use actix_web::{HttpRequest, HttpResponse};

use super::recovery::enter_by_form;
use super::shell::shell;
use super::{Site, cookies, errors, reference};
use crate::app::account::{EmailRefusal, confirm_email_by_link, email_link};
use crate::app::recovery::enter;
use crate::pages::{EmailDonePage, EmailGonePage, EmailLinkPage};

pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(
        resource("/email/{link}")
            .route(get().to(show))
            .route(post().to(confirm))
            .default_service(route().to(errors::method_not_allowed)),
    );
}

async fn show(http: HttpRequest, link: Path<String>, site: Data<Site>) -> HttpResponse {
    let entered = match enter(&site.issuer, &cookies::read(&http, &site)).await {
        Ok(entered) => entered,
        Err(fault) => return errors::fault(&http, &site, &fault),
    };
    let found = match email_link(&site.issuer, &link).await {
        Ok(Some(found)) => found,
        Ok(None) => return gone(&http, &site, EmailRefusal::Gone),
        Err(fault) => return errors::fault(&http, &site, &fault),
    };
    let page = EmailLinkPage {
        shell: shell(&http, Some(&site), None),
        action: format!("/email/{link}"),
        csrf: entered.csrf,
        username: found.username,
        address: found.address,
    };
    cookies::apply(errors::page(&http, StatusCode::OK, &page), entered.cookies, &site)
}

async fn confirm(
    http: HttpRequest,
    link: Path<String>,
    payload: Payload,
    site: Data<Site>,
) -> HttpResponse {
    if let Err(response) = enter_by_form(&http, payload, &site).await {
        return response;
    }
    let caller = reference::caller(&http, &site);
    match confirm_email_by_link(&site.issuer, &link, caller).await {
        Ok(Ok(())) => {
            let page = EmailDonePage { shell: shell(&http, Some(&site), None) };
            errors::page(&http, StatusCode::OK, &page)
        }
        Ok(Err(refusal)) => gone(&http, &site, refusal),
        Err(fault) => errors::fault(&http, &site, &fault),
    }
}

fn gone(http: &HttpRequest, site: &Site, refusal: EmailRefusal) -> HttpResponse {
    let is_taken = refusal == EmailRefusal::Taken;
    let status = if is_taken { StatusCode::CONFLICT } else { StatusCode::NOT_FOUND };
    errors::page(http, status, &EmailGonePage { shell: shell(http, Some(site), None), is_taken })
}
