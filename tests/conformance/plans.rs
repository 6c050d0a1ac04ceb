//! Which plan of the OpenID Foundation's suite (5.2.4) runs which module in which variant.

use super::variant::{Registration, Variant};

/// A certification plan.
pub(super) struct Plan {
    /// Its name in the suite.
    pub(super) name: &'static str,
    /// What it runs, in order.
    pub(super) runs: Vec<(Variant, &'static str)>,
}

/// Modules that the suite lets a provider skip, and why we do. Their tests prove the reason, and
/// that what is skipped is refused as it should be.
pub(super) const SKIPPED: [(&str, &str); 5] = [
    ("oidcc-idtoken-unsigned", "no unsigned ID tokens are offered"),
    (
        "oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported",
        "unsigned request objects are refused, and the metadata says so",
    ),
    (
        "oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported",
        "unsigned request objects are refused, and the metadata says so",
    ),
    (
        "oidcc-ensure-request-object-with-redirect-uri",
        "unsigned request objects are refused, and the metadata says so",
    ),
    (
        "oidcc-request-uri-unsigned",
        "unsigned request objects are refused, and the metadata says so",
    ),
];

/// What every flow is tried with, from scopes to the redirect URI.
const EVERY_FLOW: [&str; 22] = [
    "oidcc-server",
    "oidcc-idtoken-signature",
    "oidcc-scope-profile",
    "oidcc-scope-email",
    "oidcc-scope-address",
    "oidcc-scope-phone",
    "oidcc-scope-all",
    "oidcc-display-page",
    "oidcc-display-popup",
    "oidcc-prompt-login",
    "oidcc-prompt-none-not-logged-in",
    "oidcc-prompt-none-logged-in",
    "oidcc-max-age-1",
    "oidcc-max-age-10000",
    "oidcc-ensure-request-with-unknown-parameter-succeeds",
    "oidcc-id-token-hint",
    "oidcc-login-hint",
    "oidcc-ui-locales",
    "oidcc-claims-locales",
    "oidcc-ensure-request-with-acr-values-succeeds",
    "oidcc-ensure-registered-redirect-uri",
    "oidcc-claims-essential",
];

const REQUEST_OBJECTS: [&str; 3] = [
    "oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported",
    "oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported",
    "oidcc-ensure-request-object-with-redirect-uri",
];

const USERINFO: [&str; 3] =
    ["oidcc-userinfo-get", "oidcc-userinfo-post-header", "oidcc-userinfo-post-body"];

const CODES: [&str; 3] = ["oidcc-codereuse", "oidcc-codereuse-30seconds", "oidcc-refresh-token"];

const RP_INITIATED_LOGOUT: [&str; 10] = [
    "oidcc-rp-initiated-logout",
    "oidcc-rp-initiated-logout-bad-post-logout-redirect-uri",
    "oidcc-rp-initiated-logout-modified-id-token-hint",
    "oidcc-rp-initiated-logout-no-id-token-hint",
    "oidcc-rp-initiated-logout-no-params",
    "oidcc-rp-initiated-logout-no-post-logout-redirect-uri",
    "oidcc-rp-initiated-logout-no-state",
    "oidcc-rp-initiated-logout-only-state",
    "oidcc-rp-initiated-logout-query-added-to-post-logout-redirect-uri",
    "oidcc-rp-initiated-logout-bad-id-token-hint",
];

const DYNAMIC: [&str; 23] = [
    "oidcc-idtoken-rs256",
    "oidcc-idtoken-unsigned",
    "oidcc-userinfo-rs256",
    "oidcc-ensure-redirect-uri-in-authorization-request",
    "oidcc-redirect-uri-query-OK",
    "oidcc-redirect-uri-query-mismatch",
    "oidcc-redirect-uri-query-added",
    "oidcc-redirect-uri-regfrag",
    "oidcc-discovery-endpoint-verification",
    "oidcc-server",
    "oidcc-registration-logo-uri",
    "oidcc-registration-policy-uri",
    "oidcc-registration-tos-uri",
    "oidcc-registration-jwks-uri",
    "oidcc-registration-sector-uri",
    "oidcc-registration-sector-bad",
    "oidcc-server-rotate-keys",
    "oidcc-refresh-token-rp-key-rotation",
    "oidcc-request-uri-unsigned",
    "oidcc-request-uri-signed-rs256",
    "oidcc-ensure-request-object-with-redirect-uri",
    "oidcc-refresh-token",
    "oidcc-ensure-client-assertion-with-iss-aud-succeeds",
];

/// Every plan that we are to pass.
pub(super) fn plans() -> Vec<Plan> {
    let mut plans = Vec::new();
    for is_form_post in [false, true] {
        let name = |normal, form_post| if is_form_post { form_post } else { normal };
        plans.push(Plan {
            name: name(
                "oidcc-basic-certification-test-plan",
                "oidcc-formpost-basic-certification-test-plan",
            ),
            runs: both(|registration| basic(flow("code", is_form_post, registration))),
        });
        plans.push(Plan {
            name: name(
                "oidcc-implicit-certification-test-plan",
                "oidcc-formpost-implicit-certification-test-plan",
            ),
            runs: both(|registration| {
                let mut runs = implicit(flow("id_token", is_form_post, registration));
                runs.extend(implicit(flow("id_token token", is_form_post, registration)));
                runs
            }),
        });
        plans.push(Plan {
            name: name(
                "oidcc-hybrid-certification-test-plan",
                "oidcc-formpost-hybrid-certification-test-plan",
            ),
            runs: both(|registration| {
                let types = ["code id_token", "code token", "code id_token token"];
                let runs = types.map(|kind| hybrid(flow(kind, is_form_post, registration)));
                runs.concat()
            }),
        });
    }
    plans.push(Plan {
        name: "oidcc-config-certification-test-plan",
        runs: vec![(
            flow("code", false, Registration::Static),
            "oidcc-discovery-endpoint-verification",
        )],
    });
    let dynamic = Variant { auth: "private_key_jwt", ..flow("code", false, Registration::Dynamic) };
    plans.push(Plan {
        name: "oidcc-dynamic-certification-test-plan",
        runs: with(dynamic, &DYNAMIC),
    });
    plans.extend(logout_and_login());
    plans
}

fn logout_and_login() -> Vec<Plan> {
    let code = |modules: &[&'static str]| {
        both(|registration| with(flow("code", false, registration), modules))
    };
    vec![
        Plan {
            name: "oidcc-3rdparty-init-login-certification-test-plan",
            runs: with(
                flow("code", false, Registration::Dynamic),
                &["oidcc-3rd_party-init-login", "oidcc-3rd_party-init-login-nohttps"],
            ),
        },
        Plan {
            name: "oidcc-rp-initiated-logout-certification-test-plan",
            runs: {
                let mut modules = vec!["oidcc-rp-initiated-logout-discovery-endpoint-verification"];
                modules.extend(RP_INITIATED_LOGOUT);
                code(&modules)
            },
        },
        Plan {
            name: "oidcc-frontchannel-rp-initiated-logout-certification-test-plan",
            runs: code(&[
                "oidcc-frontchannel-logout-discovery-endpoint-verification",
                "oidcc-frontchannel-rp-initiated-logout",
            ]),
        },
        Plan {
            name: "oidcc-backchannel-rp-initiated-logout-certification-test-plan",
            runs: code(&[
                "oidcc-backchannel-logout-discovery-endpoint-verification",
                "oidcc-backchannel-rp-initiated-logout",
            ]),
        },
        Plan {
            name: "oidcc-session-management-certification-test-plan",
            runs: code(&[
                "oidcc-session-management-discovery-endpoint-verification",
                "oidcc-session-management-rp-initiated-logout",
            ]),
        },
    ]
}

fn basic(variant: Variant) -> Vec<(Variant, &'static str)> {
    let mut runs = with(variant, &EVERY_FLOW);
    runs.extend(with(variant, &USERINFO));
    runs.extend(with(variant, &CODES));
    runs.extend(with(variant, &REQUEST_OBJECTS));
    runs.extend(with(
        variant,
        &[
            "oidcc-response-type-missing",
            "oidcc-idtoken-unsigned",
            "oidcc-ensure-request-without-nonce-succeeds-for-code-flow",
            "oidcc-alternate-happy-flow",
            "oidcc-ensure-post-request-succeeds",
            "oidcc-ensure-request-with-valid-pkce-succeeds",
        ],
    ));
    runs.push((by_post(variant), "oidcc-server-client-secret-post"));
    runs
}

fn implicit(variant: Variant) -> Vec<(Variant, &'static str)> {
    let mut runs = with(variant, &EVERY_FLOW);
    runs.extend(with(variant, &REQUEST_OBJECTS));
    runs.extend(with(
        variant,
        &["oidcc-ensure-request-without-nonce-fails", "oidcc-alternate-happy-flow"],
    ));
    if variant.includes("token") {
        runs.extend(with(variant, &USERINFO));
        runs.extend(with(variant, &["oidcc-response-type-missing"]));
    }
    runs
}

fn hybrid(variant: Variant) -> Vec<(Variant, &'static str)> {
    let mut runs = with(variant, &EVERY_FLOW);
    runs.extend(with(variant, &USERINFO));
    runs.extend(with(variant, &CODES));
    runs.extend(with(variant, &REQUEST_OBJECTS));
    if variant.includes("id_token") {
        runs.extend(with(variant, &["oidcc-ensure-request-without-nonce-fails"]));
    } else {
        let optional = ["oidcc-ensure-request-without-nonce-succeeds-for-code-flow"];
        runs.extend(with(variant, &optional));
    }
    if variant.response_type == "code id_token" {
        runs.extend(with(
            variant,
            &[
                "oidcc-response-type-missing",
                "oidcc-alternate-happy-flow",
                "oidcc-ensure-request-with-valid-pkce-succeeds",
            ],
        ));
    }
    runs.push((by_post(variant), "oidcc-server-client-secret-post"));
    runs
}

fn flow(response_type: &'static str, is_form_post: bool, registration: Registration) -> Variant {
    Variant { response_type, is_form_post, registration, auth: "client_secret_basic" }
}

fn by_post(variant: Variant) -> Variant {
    Variant { auth: "client_secret_post", ..variant }
}

fn with(variant: Variant, modules: &[&'static str]) -> Vec<(Variant, &'static str)> {
    modules.iter().map(|module| (variant, *module)).collect()
}

/// Where a plan lets its user choose how the client is registered, we run both. What says that a
/// module needs dynamic registration is the suite.
fn both(
    runs: impl Fn(Registration) -> Vec<(Variant, &'static str)>,
) -> Vec<(Variant, &'static str)> {
    const DYNAMIC_ALONE: [&str; 3] = [
        "oidcc-idtoken-signature",
        "oidcc-idtoken-unsigned",
        "oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported",
    ];
    let mut all = runs(Registration::Static);
    all.retain(|(_, module)| !DYNAMIC_ALONE.contains(module));
    all.extend(runs(Registration::Dynamic));
    all
}
