//! One test for each module of the OpenID provider certification plans, named as the module is
//! named, and the ledger that they print: `docs/conformance.md`.
//!
//! Every module is written anew from what the suite checks. Its function panics where the suite
//! would report a failure or a warning, and is run in every variant that some plan asks for.

mod bench;
mod beyond;
mod checks;
mod client;
mod discovery;
mod flow;
mod happy_flows;
mod ledger;
mod logout_channels;
mod plans;
mod prompts;
mod redirect_uris;
mod refresh;
mod registration;
mod request_objects;
mod rotation;
mod rp_initiated_logout;
mod scopes;
mod token_endpoint;
mod variant;

use std::sync::OnceLock;

use ledger::{Entry, page};

/// Lists modules by the path of their function, and makes the test of each.
macro_rules! modules {
    ($($theme:ident { $($module:ident),* $(,)? })*) => {
        static ENTRIES: [Entry; [$($(stringify!($module)),*),*].len()] = [$($(Entry {
            test: stringify!($module),
            run: |bench, variant| Box::pin($theme::$module(bench, variant)),
            outcomes: OnceLock::new(),
        }),*),*];

        $($(
            #[test]
            fn $module() {
                must_pass(stringify!($module));
            }
        )*)*
    };
}

modules! {
    happy_flows {
        oidcc_server,
        oidcc_server_client_secret_post,
        oidcc_response_type_missing,
        oidcc_idtoken_signature,
        oidcc_idtoken_rs256,
        oidcc_idtoken_unsigned,
        oidcc_ensure_request_without_nonce_succeeds_for_code_flow,
        oidcc_ensure_request_without_nonce_fails,
        oidcc_alternate_happy_flow,
        oidcc_display_page,
        oidcc_display_popup,
        oidcc_ensure_request_with_unknown_parameter_succeeds,
        oidcc_login_hint,
        oidcc_ui_locales,
        oidcc_claims_locales,
        oidcc_ensure_request_with_acr_values_succeeds,
        oidcc_ensure_post_request_succeeds,
        oidcc_ensure_request_with_valid_pkce_succeeds,
    }
    scopes {
        oidcc_scope_profile,
        oidcc_scope_email,
        oidcc_scope_address,
        oidcc_scope_phone,
        oidcc_scope_all,
        oidcc_userinfo_get,
        oidcc_userinfo_post_header,
        oidcc_userinfo_post_body,
        oidcc_userinfo_rs256,
        oidcc_claims_essential,
    }
    prompts {
        oidcc_prompt_login,
        oidcc_prompt_none_not_logged_in,
        oidcc_prompt_none_logged_in,
        oidcc_id_token_hint,
        oidcc_max_age_1,
        oidcc_max_age_10000,
    }
    redirect_uris {
        oidcc_ensure_registered_redirect_uri,
        oidcc_ensure_redirect_uri_in_authorization_request,
        oidcc_redirect_uri_query_ok,
        oidcc_redirect_uri_query_mismatch,
        oidcc_redirect_uri_query_added,
        oidcc_redirect_uri_regfrag,
    }
    token_endpoint {
        oidcc_codereuse,
        oidcc_codereuse_30seconds,
        oidcc_ensure_client_assertion_with_iss_aud_succeeds,
    }
    refresh {
        oidcc_refresh_token,
        oidcc_refresh_token_rp_key_rotation,
    }
    request_objects {
        oidcc_request_uri_unsigned_supported_correctly_or_rejected_as_unsupported,
        oidcc_unsigned_request_object_supported_correctly_or_rejected_as_unsupported,
        oidcc_ensure_request_object_with_redirect_uri,
        oidcc_request_uri_unsigned,
        oidcc_request_uri_signed_rs256,
    }
    registration {
        oidcc_registration_logo_uri,
        oidcc_registration_policy_uri,
        oidcc_registration_tos_uri,
        oidcc_registration_jwks_uri,
        oidcc_registration_sector_uri,
        oidcc_registration_sector_bad,
        oidcc_3rd_party_init_login,
        oidcc_3rd_party_init_login_nohttps,
    }
    rotation {
        oidcc_server_rotate_keys,
    }
    discovery {
        oidcc_discovery_endpoint_verification,
        oidcc_rp_initiated_logout_discovery_endpoint_verification,
        oidcc_frontchannel_logout_discovery_endpoint_verification,
        oidcc_backchannel_logout_discovery_endpoint_verification,
        oidcc_session_management_discovery_endpoint_verification,
    }
    rp_initiated_logout {
        oidcc_rp_initiated_logout,
        oidcc_rp_initiated_logout_bad_post_logout_redirect_uri,
        oidcc_rp_initiated_logout_modified_id_token_hint,
        oidcc_rp_initiated_logout_no_id_token_hint,
        oidcc_rp_initiated_logout_no_params,
        oidcc_rp_initiated_logout_no_post_logout_redirect_uri,
        oidcc_rp_initiated_logout_no_state,
        oidcc_rp_initiated_logout_only_state,
        oidcc_rp_initiated_logout_query_added_to_post_logout_redirect_uri,
        oidcc_rp_initiated_logout_bad_id_token_hint,
    }
    logout_channels {
        oidcc_frontchannel_rp_initiated_logout,
        oidcc_backchannel_rp_initiated_logout,
        oidcc_session_management_rp_initiated_logout,
    }
}

fn must_pass(test: &str) {
    let entry = ENTRIES.iter().find(|entry| entry.test == test).expect("it is in the table");
    entry.must_pass();
}

/// The page holds what this run gave.
#[test]
fn the_ledger_is_current() {
    assert_printed("docs/conformance.md", &page(&ENTRIES));
}

/// Fails when a stored page is not this one. `TESSERA_PRINT=1 cargo test conformance` stores it.
fn assert_printed(path: &str, page: &str) {
    let full = format!("{}/{path}", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("TESSERA_PRINT").is_some() {
        std::fs::write(&full, page).expect("the page is written");
    }
    let stored = std::fs::read_to_string(&full).unwrap_or_default();
    assert!(stored == page, "{path} is stale: TESSERA_PRINT=1 cargo test conformance prints it");
}
