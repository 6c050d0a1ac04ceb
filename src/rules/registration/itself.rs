//! What a client may register for itself. It asks, and gets what the installation grants to a
//! stranger: nothing that only an operator can vouch for (`security.md` R96).

use super::flows::{CODE_GRANT, IMPLICIT_GRANT, REFRESH_GRANT, grant_types, has, response_types};
use super::{CheckedMetadata, MetadataProblem, Problems, RegistrationPolicy, auth_method, check};
use crate::protocol::redirect_uri::web_origin;
use crate::protocol::{
    AssertionAudience, ClientMetadata, Flow, IdTokenClaims, ResponseType, ResponseTypeSwitches,
    ScopeSet, SigningAlgorithm,
};

/// What bounds a client that registers or changes itself.
#[derive(Debug, Clone, Copy)]
pub struct Granted<'a> {
    /// What the installation allows.
    pub policy: RegistrationPolicy,
    /// The response types that are offered beyond `code`.
    pub response_types: ResponseTypeSwitches,
    /// The client as it is, when it changes itself. What its operator gave it stays.
    pub before: Option<&'a ClientMetadata>,
}

/// Checks what a client asks for itself, clipped to what it may have and with the defaults of the
/// specifications filled in. What it gets it can ask for again, and gets the same.
///
/// # Errors
/// Everything that is wrong with it, at least one problem.
pub fn ask_for_itself(
    asked: ClientMetadata,
    granted: Granted<'_>,
) -> Result<CheckedMetadata, Vec<MetadataProblem>> {
    let clipped = clip(asked, granted);
    let mut problems = Problems(Vec::new());
    check_response_types(&clipped, granted, &mut problems);
    check_application_type(&clipped, &mut problems);
    check_frame(&clipped, &mut problems);
    match check(clipped, granted.policy) {
        Ok(checked) if problems.0.is_empty() => Ok(checked),
        Ok(_) => Err(problems.0),
        Err(more) => Err(problems.0.into_iter().chain(more).collect()),
    }
}

fn clip(mut asked: ClientMetadata, granted: Granted<'_>) -> ClientMetadata {
    let vouched = vouched_for(granted.before);
    asked.unknown.clear();
    if granted.before.is_none() {
        (asked.client_id, asked.client_secret) = (None, None);
    }
    let responses = response_types(&asked);
    if asked.response_types.is_none() {
        let names = responses.into_iter().map(|kind| kind.as_str().to_owned());
        asked.response_types = Some(names.collect());
    }
    let grants = grant_types(&asked).into_iter();
    asked.grant_types = Some(grants.filter(|grant| may_use(grant, granted)).collect());
    asked.scope = asked.scope.map(|scope| clip_scope(&scope, granted.before));
    asked.application_type.get_or_insert_with(|| {
        let is_native = is_native(&asked.redirect_uris);
        if is_native { "native" } else { "web" }.to_owned()
    });
    asked.token_endpoint_auth_method = Some(auth_method(&asked));
    asked.subject_type.get_or_insert_default();
    asked.id_token_signed_response_alg.get_or_insert(SigningAlgorithm::RS256);
    asked.require_pkce |= vouched.require_pkce;
    // What was demanded of its people once stays: its operator may have set it.
    asked.minimum_acr = vouched.minimum_acr.or(asked.minimum_acr);
    asked.first_party = vouched.first_party;
    asked.id_token_claims = vouched.id_token_claims;
    asked.email_verified = vouched.email_verified;
    asked.resources = vouched.resources;
    asked.audience = vouched.audience;
    asked.access_token_signed_response_alg = vouched.access_token_signed_response_alg;
    asked.refresh_rotation = vouched.refresh_rotation;
    asked.client_assertion_audience = vouched.client_assertion_audience;
    asked
}

/// Where the members that are not the client's to choose come from.
fn vouched_for(before: Option<&ClientMetadata>) -> ClientMetadata {
    before.cloned().unwrap_or_else(|| ClientMetadata {
        id_token_claims: IdTokenClaims::Lean,
        client_assertion_audience: Some(AssertionAudience::IssuerOrTokenEndpoint),
        ..ClientMetadata::default()
    })
}

fn may_use(grant: &str, granted: Granted<'_>) -> bool {
    let switches = granted.response_types;
    let had = granted.before.and_then(|before| before.grant_types.as_ref());
    match grant {
        CODE_GRANT | REFRESH_GRANT => true,
        IMPLICIT_GRANT if switches.implicit || switches.hybrid => true,
        other => had.is_some_and(|had| has(had, other)),
    }
}

/// The standard scopes, and those that its operator gave it. A malformed list is left as it is,
/// for the check to name.
fn clip_scope(scope: &str, before: Option<&ClientMetadata>) -> String {
    if ScopeSet::parse(scope).is_err() {
        return scope.to_owned();
    }
    let had = before.and_then(|before| before.scopes().ok()).unwrap_or_default();
    let may_have = |name: &&str| {
        ScopeSet::standard().contains(name)
            || *name == ScopeSet::OFFLINE_ACCESS
            || had.contains(name)
    };
    scope.split(' ').filter(may_have).collect::<Vec<_>>().join(" ")
}

/// An app that is installed somewhere: nothing of it stands on a web server of its own.
fn is_native(redirect_uris: &[String]) -> bool {
    !redirect_uris.is_empty() && redirect_uris.iter().all(|uri| !uri.starts_with("https:"))
}

fn check_response_types(metadata: &ClientMetadata, granted: Granted<'_>, problems: &mut Problems) {
    let switches = granted.response_types;
    let had = granted.before.and_then(|before| before.response_types.as_ref());
    for name in metadata.response_types.iter().flatten() {
        let is_offered = match ResponseType::parse(name).map(ResponseType::flow) {
            Some(Flow::Code) => true,
            Some(Flow::Implicit) => switches.implicit,
            Some(Flow::Hybrid) => switches.hybrid,
            // The check names it.
            None => continue,
        };
        if !is_offered && !had.is_some_and(|had| has(had, name)) {
            problems.add_about("response_types", name, "is not offered here");
        }
    }
}

/// OpenID Connect Registration §2: schemes of its own are for native apps, and tokens that come
/// through the browser go to https alone. Loopback addresses are not refused beyond that: apps on
/// the desktop register them and say nothing of their type.
fn check_application_type(metadata: &ClientMetadata, problems: &mut Problems) {
    if metadata.application_type.as_deref() == Some("native") {
        return;
    }
    let has_implicit = response_types(metadata).iter().any(|kind| kind.flow() != Flow::Code);
    for uri in &metadata.redirect_uris {
        if !uri.starts_with("https:") && !uri.starts_with("http:") {
            problems.add_about("redirect_uris", uri, "is for application_type native");
        } else if has_implicit && !uri.starts_with("https:") {
            problems.add_about("redirect_uris", uri, "must be https for these response_types");
        }
    }
}

/// Front-Channel Logout §2: only a page of its own is shown in a frame of ours.
fn check_frame(metadata: &ClientMetadata, problems: &mut Problems) {
    let Some(frame) = &metadata.frontchannel_logout_uri else { return };
    let origin = web_origin(frame);
    let is_own = metadata.redirect_uris.iter().any(|uri| web_origin(uri) == origin);
    let shape = "must have the scheme, host and port of one of redirect_uris";
    problems.add_if(origin.is_some() && !is_own, "frontchannel_logout_uri", shape);
}
