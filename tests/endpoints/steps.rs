//! Every form of a sign-in and of the account, posted as it should not be: empty, without its token, out
//! of order, twice, from another browser, after a restart, at another interaction. Nothing changes
//! in the database, and the page that answers leads on.

use std::cell::Cell;
use std::time::Duration;

use serde_json::json;
use tessera::rules::sign_up::SignUpPolicy;
use tessera::store::users;

use crate::flows::sign_up::mailed_to;
use crate::support::{Answer, App, Authenticator, Browser, Dump, Options, PASSWORD, TestApp};
use crate::support::{Passkey, Question, enrol, offered, question};

pub(super) const NEW: &str = "a new and long enough pass phrase";

/// What counts failures and tells of them, and the questions of pages: they may change.
const COUNTS: &[&str] = &["audit", "login_failures", "outbox", "webauthn_challenges"];
/// Who is not signed in begins a sign-in.
pub(super) const COUNTS_AND_INTERACTIONS: &[&str] =
    &["audit", "login_failures", "outbox", "webauthn_challenges", "interactions"];

pub(super) type Fields = Vec<(&'static str, String)>;

/// A step of a sign-in, by the page that asks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    SignIn,
    PasskeySignIn,
    Totp,
    Recovery,
    PasskeyConfirm,
    SetUp,
    PasskeySetUp,
    PasskeyOffer,
    PasskeyEnrol,
    Accounts,
    Keep,
    NewPassword,
    Consent,
    SignUp,
    SignUpCode,
}

impl Stage {
    pub(super) const ALL: [Self; 15] = [
        Self::SignIn,
        Self::PasskeySignIn,
        Self::Totp,
        Self::Recovery,
        Self::PasskeyConfirm,
        Self::SetUp,
        Self::PasskeySetUp,
        Self::PasskeyOffer,
        Self::PasskeyEnrol,
        Self::Accounts,
        Self::Keep,
        Self::NewPassword,
        Self::Consent,
        Self::SignUp,
        Self::SignUpCode,
    ];

    pub(super) fn path(self) -> &'static str {
        match self {
            Self::SignIn => "sign-in",
            Self::PasskeySignIn => "passkey/sign-in",
            Self::Totp => "totp",
            Self::Recovery => "recovery",
            Self::PasskeyConfirm => "passkey/confirm",
            Self::SetUp => "set-up-totp",
            Self::PasskeySetUp => "passkey/set-up",
            Self::PasskeyOffer => "passkey/decline",
            Self::PasskeyEnrol => "passkey/enrol",
            Self::Accounts => "account",
            Self::Keep => "keep",
            Self::NewPassword => "new-password",
            Self::Consent => "consent",
            Self::SignUp => "sign-up",
            Self::SignUpCode => "sign-up/code",
        }
    }

    /// What its page has, and the page after it has not.
    fn mark(self) -> &'static str {
        match self {
            Self::SignIn => "login-submit",
            Self::PasskeySignIn | Self::PasskeyConfirm => "passkey-sign-in",
            Self::Totp | Self::Recovery => "totp-submit",
            Self::SetUp | Self::PasskeySetUp => "totp-key",
            Self::PasskeyOffer | Self::PasskeyEnrol => "passkey-not-now",
            Self::Accounts => "account-other",
            Self::Keep => "keep-account",
            Self::NewPassword => "new-password-submit",
            Self::Consent => "consent-allow",
            Self::SignUp => "sign-up-submit",
            Self::SignUpCode => "create-submit",
        }
    }

    /// Whether its form without a field is still an answer.
    fn has_no_fields(self) -> bool {
        matches!(self, Self::PasskeyOffer | Self::Keep)
    }

    /// Whether somebody is signed in there.
    fn has_accounts(self) -> bool {
        matches!(
            self,
            Self::PasskeyOffer
                | Self::PasskeyEnrol
                | Self::Accounts
                | Self::Keep
                | Self::NewPassword
                | Self::Consent
        )
    }

    /// Whether somebody must say who they are there. Then they may do so in any of these ways.
    fn is_beginning(self) -> bool {
        matches!(self, Self::SignIn | Self::SignUp | Self::SignUpCode)
    }

    /// Whether the form of `other` is an answer here as well.
    fn takes(self, other: Self) -> bool {
        match (self, other) {
            (Self::Totp, Self::Recovery)
            | (Self::Recovery, Self::Totp)
            | (Self::PasskeyEnrol, Self::PasskeyOffer) => true,
            (Self::PasskeySignIn, _) if other.is_beginning() => true,
            _ if self.is_beginning() && other.is_beginning() => true,
            // A choice proves nothing and may be made at any time: it is written down.
            (_, Self::Accounts) => self.has_accounts(),
            _ => self == other,
        }
    }
}

/// A browser at a page that asks for a step, and the form that the page wants.
pub(super) struct Visit {
    pub(super) browser: Browser,
    page: Answer,
    base: String,
    pub(super) csrf: String,
    form: Fields,
}

impl Visit {
    fn new(browser: Browser, page: Answer, form: Fields) -> Self {
        let (_, rest) = page.url.split_once("/i/").expect("an interaction");
        let base = format!("/i/{}", rest.split('/').next().expect("an id"));
        Self { csrf: token_of(&page), browser, page, base, form }
    }

    /// Sends the form of its page.
    pub(super) async fn send_form(&mut self, stage: Stage) -> Answer {
        let (path, form) = (format!("{}/{}", self.base, stage.path()), self.form.clone());
        self.post(&path, &form).await
    }

    /// Where the same request is begun anew.
    pub(super) fn restart(&self) -> String {
        format!("{}/restart", self.base)
    }

    pub(super) async fn post(&mut self, path: &str, form: &[(&str, String)]) -> Answer {
        let csrf = self.csrf.clone();
        post(&mut self.browser, path, &csrf, form).await
    }
}

pub(super) async fn post(
    browser: &mut Browser,
    path: &str,
    csrf: &str,
    form: &[(&str, String)],
) -> Answer {
    let mut fields: Vec<(&str, &str)> =
        form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    fields.push(("csrf", csrf));
    browser.post(path, &fields).await
}

pub(super) fn token_of(page: &Answer) -> String {
    let fields = page.form().1;
    fields.into_iter().find(|(name, _)| name == "csrf").expect("a token").1
}

/// A provider, an app of its own house, and one that asks for consent.
pub(super) struct Scene {
    pub(super) app: TestApp,
    pub(super) notes: App,
    pub(super) maps: App,
    people: Cell<usize>,
}

impl Scene {
    pub(super) async fn set() -> Self {
        let options = Options { is_dev: true, sign_up: SignUpPolicy::Open, ..Options::default() };
        let app = TestApp::with(options).await;
        let notes = app.app(json!({})).await;
        let maps = app.app(json!({ "client_name": "Maps", "first_party": false })).await;
        Self { app, notes, maps, people: Cell::new(0) }
    }

    /// Somebody new, so that no count and no code of before is in the way.
    pub(super) async fn person(&self) -> tessera::domain::User {
        self.people.set(self.people.get() + 1);
        self.app.user(&format!("ada{}", self.people.get())).await
    }

    /// Brings a browser to the page that asks for a step.
    pub(super) async fn arrive(&self, stage: Stage) -> Visit {
        let ada = self.person().await;
        let mut browser = self.app.browser();
        let name = ada.username.as_str();
        let one = |name, value: &str| vec![(name, value.to_owned())];
        let sign_in = [("username", name.to_owned()), ("password", PASSWORD.to_owned())].to_vec();
        let two = [("acr_values", "urn:tessera:acr:2")];
        match stage {
            Stage::SignIn => {
                let page = browser.authorize(&self.maps, &[]).await;
                Visit::new(browser, page, sign_in)
            }
            Stage::PasskeySignIn
            | Stage::PasskeyConfirm
            | Stage::PasskeySetUp
            | Stage::PasskeyEnrol => self.arrive_with_passkey(stage, browser, name).await,
            Stage::Totp | Stage::Recovery => {
                let (phone, codes) = self.app.authenticator(&ada).await;
                self.app.advance(Duration::from_secs(30));
                let page = browser.sign_in(&self.maps, name, &[]).await;
                let code =
                    if stage == Stage::Totp { phone.code(&self.app) } else { codes[0].clone() };
                Visit::new(browser, page, one("code", &code))
            }
            Stage::SetUp => {
                let page = browser.sign_in(&self.maps, name, &two).await;
                let code = Authenticator::from_page(&page).code(&self.app);
                Visit::new(browser, page, one("code", &code))
            }
            Stage::PasskeyOffer => {
                let page = offered(&mut browser, &self.notes, name).await;
                Visit::new(browser, page, Vec::new())
            }
            Stage::Keep => {
                self.ask_deletion(name).await;
                let page = browser.sign_in(&self.maps, name, &[]).await;
                Visit::new(browser, page, Vec::new())
            }
            Stage::NewPassword => {
                let due = move |db: &mut _| users::demand_new_password(db, ada.id);
                self.app.store.write("demand", due).await.expect("marked");
                let page = browser.sign_in(&self.maps, name, &[]).await;
                Visit::new(browser, page, one("password", NEW))
            }
            Stage::SignUp => {
                let page = browser.authorize(&self.maps, &[("prompt", "create")]).await;
                let email = format!("new-{name}@example.com");
                Visit::new(browser, page, one("email", &email))
            }
            Stage::SignUpCode => self.arrive_at_code(browser, name).await,
            Stage::Accounts => {
                let other = self.person().await;
                for name in [name, &other.username] {
                    let page = browser.get("/sign-in").await;
                    browser.submit(&page, &[("username", name), ("password", PASSWORD)]).await;
                }
                let page = browser.authorize(&self.maps, &[]).await;
                Visit::new(browser, page, one("account", "1"))
            }
            Stage::Consent => {
                let page = browser.sign_in(&self.maps, name, &[]).await;
                Visit::new(browser, page, one("decision", "allow"))
            }
        }
    }

    /// The mail comes behind the answer.
    async fn arrive_at_code(&self, mut browser: Browser, name: &str) -> Visit {
        let page = browser.authorize(&self.maps, &[("prompt", "create")]).await;
        let email = format!("{name}@example.org");
        let page = browser.submit(&page, &[("email", &email)]).await;
        let (code, _) = mailed_to(std::slice::from_ref(&self.app), &email).await;
        let form = [("code", &*code), ("name", "Eve Example"), ("password", PASSWORD)];
        Visit::new(browser, page, form.map(|(name, value)| (name, value.to_owned())).to_vec())
    }

    async fn arrive_with_passkey(&self, stage: Stage, mut browser: Browser, name: &str) -> Visit {
        let two = [("acr_values", "urn:tessera:acr:2")];
        let is_new = matches!(stage, Stage::PasskeySetUp | Stage::PasskeyEnrol);
        let mut key = if is_new {
            Passkey::new(&self.app, name.as_bytes())
        } else {
            enrol(&self.app, &self.notes, name).await
        };
        let page = match stage {
            Stage::PasskeySignIn => browser.authorize(&self.maps, &[]).await,
            Stage::PasskeyEnrol => offered(&mut browser, &self.notes, name).await,
            _ => browser.sign_in(&self.maps, name, &two).await,
        };
        let form = answered(&page, |asked| match is_new {
            true => key.create(&asked.options),
            false => key.get(asked.challenge()),
        });
        Visit::new(browser, page, form)
    }

    /// Asks for the deletion of an account, in a browser of its own.
    pub(super) async fn ask_deletion(&self, name: &str) {
        let mut browser = self.app.browser();
        let page = browser.get("/account/delete").await;
        let sign_in = [("username", name), ("password", PASSWORD)];
        let page = browser.submit(&page, &sign_in).await;
        assert!(page.has("delete-submit"), "{}", page.body);
        browser.submit(&page, &[]).await;
    }

    async fn dump(&self) -> Dump {
        self.app.dump(COUNTS).await
    }

    /// Who there is, how they sign in, and what apps got.
    pub(super) async fn people_and_grants(&self) -> Dump {
        let mut dump = self.dump().await;
        dump.retain(|table, _| {
            [
                "users",
                "sessions",
                "passkeys",
                "totp_credentials",
                "recovery_codes",
                "consents",
                "grants",
            ]
            .contains(&table.as_str())
        });
        assert!(dump.len() >= 5, "{:?}", dump.keys());
        dump
    }
}

/// What the form of a page sends that asks for a passkey.
pub(super) fn answered(page: &Answer, answer: impl FnOnce(&Question) -> String) -> Fields {
    let asked = question(page);
    let answer = answer(&asked);
    vec![("ticket", asked.ticket), ("answer", answer)]
}

/// A page that says what is the matter, and leads on.
pub(super) fn leads_on(answer: &Answer, case: &str) {
    assert!(!answer.status.is_server_error(), "{case}: {} {}", answer.status, answer.body);
    // On the way to the app there is no page of ours.
    if answer.location().is_none() {
        let main = answer.body.split("<main").nth(1).unwrap_or_else(|| panic!("{case}: no page"));
        let is_onward = main.contains("<a ") || main.contains("type=\"submit\"");
        assert!(is_onward && main.matches("<h1").count() == 1, "{case}: {}", answer.body);
    }
}

/// The difference in a few words: a whole dump is unreadable.
pub(super) fn is_unchanged(before: &Dump, after: &Dump, case: &str) {
    for (table, rows) in after {
        assert_eq!(before.get(table), Some(rows), "{case} changed {table}");
    }
}

#[actix_web::test]
async fn every_page_of_the_way_is_the_one_that_asks() {
    let scene = Scene::set().await;
    for stage in Stage::ALL {
        let (mut visit, mark) = (scene.arrive(stage).await, stage.mark());
        assert!(visit.page.has(mark), "{stage:?}: {}", visit.page.body);
        // The dump sees what a right step changes.
        let before = scene.dump().await;
        let answer = visit.send_form(stage).await;
        assert!(!answer.has(mark) || stage == Stage::Consent, "{stage:?}: {}", answer.body);
        assert_ne!(scene.dump().await, before, "{stage:?}");
    }
}

#[actix_web::test]
async fn a_step_posted_empty_or_without_its_token_changes_nothing() {
    let scene = Scene::set().await;
    for stage in Stage::ALL {
        let mut visit = scene.arrive(stage).await;
        let (path, form) = (format!("{}/{}", visit.base, stage.path()), visit.form.clone());
        let before = scene.dump().await;
        if !stage.has_no_fields() {
            let answer = visit.post(&path, &[]).await;
            leads_on(&answer, &format!("{stage:?}, empty"));
        }
        for token in ["", "forged"] {
            let answer = post(&mut visit.browser, &path, token, &form).await;
            assert_eq!(answer.status, 403, "{stage:?}, token {token:?}");
            leads_on(&answer, "forged");
        }
        is_unchanged(&before, &scene.dump().await, &format!("{stage:?}, empty"));
    }
}

#[actix_web::test]
async fn a_step_posted_out_of_order_changes_nothing() {
    let scene = Scene::set().await;
    let mut forms = Vec::new();
    for stage in Stage::ALL {
        forms.push((stage, scene.arrive(stage).await.form));
    }
    for stage in Stage::ALL {
        let mut visit = scene.arrive(stage).await;
        let before = scene.dump().await;
        for (other, form) in forms.iter().filter(|(other, _)| !stage.takes(*other)) {
            let answer = visit.post(&format!("{}/{}", visit.base, other.path()), form).await;
            let case = format!("{other:?} at {stage:?}");
            leads_on(&answer, &case);
            is_unchanged(&before, &scene.dump().await, &case);
        }
    }
}

#[actix_web::test]
async fn a_step_posted_twice_changes_nothing_the_second_time() {
    let scene = Scene::set().await;
    // An address that is told twice gets two mails.
    for stage in Stage::ALL.into_iter().filter(|stage| *stage != Stage::SignUp) {
        let mut visit = scene.arrive(stage).await;
        visit.send_form(stage).await;
        let before = scene.dump().await;
        let answer = visit.send_form(stage).await;
        leads_on(&answer, &format!("{stage:?}, twice"));
        is_unchanged(&before, &scene.dump().await, &format!("{stage:?}, twice"));
    }
}

#[actix_web::test]
async fn r84_a_step_posted_from_another_browser_changes_nothing() {
    let scene = Scene::set().await;
    for stage in Stage::ALL {
        let visit = scene.arrive(stage).await;
        let path = format!("{}/{}", visit.base, stage.path());
        // One that knows us, with a token of its own, and one that never was here.
        let mut other = scene.app.browser();
        let csrf = token_of(&other.authorize(&scene.notes, &[]).await);
        let before = scene.dump().await;
        for (browser, csrf) in [(&mut other, &csrf), (&mut scene.app.browser(), &visit.csrf)] {
            let answer = post(browser, &path, csrf, &visit.form).await;
            assert!([400, 410].contains(&answer.status.as_u16()), "{stage:?}: {}", answer.status);
            leads_on(&answer, &format!("{stage:?} from another browser"));
            assert!(!browser.cookies.contains_key("tessera"), "{stage:?}");
        }
        is_unchanged(&before, &scene.dump().await, &format!("{stage:?} from another browser"));
    }
}

/// A password may be typed and an account chosen wherever they are asked for; what follows from them counts
/// in its own interaction alone.
#[actix_web::test]
async fn a_step_posted_after_a_restart_or_at_another_interaction_changes_nothing() {
    let scene = Scene::set().await;
    for stage in Stage::ALL {
        if stage.is_beginning() || stage == Stage::Accounts {
            continue;
        }
        let mut visit = scene.arrive(stage).await;
        // Where a password is asked for: the same request anew, and one of another app.
        let restart = visit.restart();
        let mut elsewhere = vec![visit.browser.get(&restart).await];
        elsewhere.push(visit.browser.authorize(&scene.notes, &[("prompt", "login")]).await);
        let form = visit.form.clone();
        for page in elsewhere.iter().filter(|page| page.has("login-submit")) {
            let before = scene.dump().await;
            let base = page.url.trim_end_matches("/sign-in");
            let answer = visit.post(&format!("{base}/{}", stage.path()), &form).await;
            assert!(answer.has("login-submit"), "{stage:?}: {}", answer.body);
            is_unchanged(&before, &scene.dump().await, &format!("{stage:?} elsewhere"));
        }
        assert!(elsewhere[1].has("login-submit"), "{stage:?}: one place at least");
    }
}
