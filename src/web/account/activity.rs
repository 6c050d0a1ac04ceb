//! `/account/activity`: what happened of late, and "this wasn't me".

use actix_web::http::StatusCode;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};

use super::super::{Site, answer, cookies, errors, request};
use super::{date, enter, enter_by_form, own_shell, recent, utc};
use crate::app::account::{self as app, AccountPage, ActivityLine};
use crate::pages::{ActivityDay, ActivityPage, ActivityView, DisownPage};

pub(super) async fn show(http: HttpRequest, site: Data<Site>) -> HttpResponse {
    let entered = match enter(&http, &site, AccountPage::Activity).await {
        Ok(entered) => entered,
        Err(response) => return response,
    };
    let query = request::query(&http).ok();
    let cursor = query.as_ref().and_then(|query| query.one("before").ok().flatten());
    let found = match app::activity(&site.issuer, &entered, cursor).await {
        Ok(found) => found,
        Err(fault) => return errors::fault(&http, &site, &fault),
    };
    let page = ActivityPage {
        shell: own_shell(&http, &site, &entered),
        days: by_day(found.lines),
        // A cursor is base64url.
        older: found.older.map(|at| format!("{}?before={at}", AccountPage::Activity.path())),
        is_newest: cursor.is_none(),
    };
    cookies::apply(errors::page(&http, StatusCode::OK, &page), entered.cookies, &site)
}

/// The lines under their days in UTC. They come in the order of time.
fn by_day(lines: Vec<ActivityLine>) -> Vec<ActivityDay> {
    let mut days: Vec<ActivityDay> = Vec::new();
    for line in lines {
        let day = date(line.at);
        let view = ActivityView {
            at: utc(line.at),
            kind: line.kind,
            app: line.app.unwrap_or_default(),
            device: line.device,
            network: line.network,
        };
        match days.last_mut() {
            Some(last) if last.day == day => last.lines.push(view),
            _ => days.push(ActivityDay { day, lines: vec![view] }),
        }
    }
    days
}

pub(super) async fn ask_to_disown(http: HttpRequest, site: Data<Site>) -> HttpResponse {
    let entered = match enter(&http, &site, AccountPage::Disown).await {
        Ok(entered) => entered,
        Err(response) => return response,
    };
    if let Err(response) = recent(&http, &site, &entered, AccountPage::Disown).await {
        return response;
    }
    let page = DisownPage {
        shell: own_shell(&http, &site, &entered),
        has_password: entered.has_password(),
        csrf: entered.csrf,
    };
    cookies::apply(errors::page(&http, StatusCode::OK, &page), entered.cookies, &site)
}

pub(super) async fn disown(http: HttpRequest, payload: Payload, site: Data<Site>) -> HttpResponse {
    let (entered, _) = match enter_by_form(&http, payload, &site, AccountPage::Disown).await {
        Ok(entered) => entered,
        Err(response) => return response,
    };
    let recent = match recent(&http, &site, &entered, AccountPage::Disown).await {
        Ok(recent) => recent,
        Err(response) => return response,
    };
    match app::disown(&site.issuer, &entered, &recent).await {
        Ok((onward, changes)) => {
            let onward = format!("{}?done=disowned", onward.path());
            cookies::apply(answer::see_other(&onward), changes, &site)
        }
        Err(fault) => errors::fault(&http, &site, &fault),
    }
}
