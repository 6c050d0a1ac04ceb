use actix_web::dev;
use actix_web::error::InternalError;
use actix_web::web::{Data, Path, Payload};
use actix_web::{Error, FromRequest, HttpRequest, HttpResponse};
use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;

use super::super::{Site, answer, cookies, errors, reference, request};
use crate::app::browser::Cookies;
use crate::app::outcome::{Outcome, Reply, Step, Stop};
use crate::app::{Caller, Fault, Issuer};
use crate::base::Secret;
use crate::protocol::Parameters;

/// A form that a page of ours posted to an interaction, and whose browser did. Anything else is
/// refused before its handler begins.
pub(super) struct Posted {
    pub(super) http: HttpRequest,
    site: Data<Site>,
    /// The address of the interaction.
    pub(super) id: String,
    form: Parameters,
    pub(super) sent: Cookies,
    pub(super) caller: Caller,
}

impl FromRequest for Posted {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self, Error>>;

    fn from_request(http: &HttpRequest, payload: &mut dev::Payload) -> Self::Future {
        let (site, id) = (Data::extract(http), Path::extract(http));
        let (http, payload) = (http.clone(), Payload::from_request(http, payload));
        async move {
            let (site, id): (Data<Site>, Path<String>) = (site.await?, id.await?);
            let form = read(&http, payload.await?, &site)
                .await
                .map_err(|refused| InternalError::from_response("a form was refused", refused))?;
            let (sent, caller) = (cookies::read(&http, &site), reference::caller(&http, &site));
            Ok(Self { http, site, id: id.into_inner(), form, sent, caller })
        }
        .boxed_local()
    }
}

impl Posted {
    pub(super) fn issuer(&self) -> &std::sync::Arc<Issuer> {
        &self.site.issuer
    }

    /// The one value of a field, when it has one.
    pub(super) fn one(&self, name: &'static str) -> Option<&str> {
        self.form.one(name).ok().flatten()
    }

    /// The one value of a field; empty without it.
    pub(super) fn text(&self, name: &'static str) -> String {
        self.one(name).unwrap_or_default().to_owned()
    }

    /// The same for what nobody else may read.
    pub(super) fn secret(&self, name: &'static str) -> Secret<String> {
        Secret::new(self.text(name))
    }

    /// The form's token.
    pub(super) fn csrf(&self) -> &str {
        self.one("csrf").unwrap_or_default()
    }

    /// Answers. A form that leads to another page of the interaction answers with a redirect to it,
    /// so that a reload posts nothing twice. A refused form is shown again at once.
    pub(super) fn answer(&self, result: Result<Reply, Fault>) -> HttpResponse {
        let result = result.map(|reply| match reply.outcome {
            Outcome::Step(view) if !is_shown_at_once(&view.step) => {
                let due = Outcome::Goto(format!("/i/{}", self.id));
                Reply { outcome: due, cookies: reply.cookies }
            }
            outcome => Reply { outcome, cookies: reply.cookies },
        });
        answer::reply(&self.http, &self.site, result)
    }
}

/// Reads a form that must come from a page of ours.
async fn read(
    http: &HttpRequest,
    payload: Payload,
    site: &Site,
) -> Result<Parameters, HttpResponse> {
    if !request::is_from_own_page(http, site.issuer.url()) {
        return Err(errors::stop(http, site, Stop::Forged));
    }
    request::form(http, payload)
        .await
        .map_err(|unreadable| errors::refused(http, unreadable.status()))
}

fn is_shown_at_once(step: &Step) -> bool {
    match step {
        Step::SignIn(step) => step.refusal.is_some(),
        Step::SignUp(step) => step.refusal.is_some(),
        Step::SignUpCode(step) => step.refusal.is_some(),
        Step::OfferPasskey(step) => step.refusal.is_some(),
        Step::Factor(step) => step.refusal.is_some(),
        Step::Enrol(step) => step.refusal.is_some(),
        Step::NewPassword(step) => step.refusal.is_some(),
        // Nowhere to be seen again.
        Step::RecoveryCodes(_) => true,
        Step::Choose(_) | Step::Ways(_) | Step::Consent(_) | Step::Keep(_) => false,
    }
}
