//! The forms of the account, posted as they should not be: empty, without
//! their token, twice, by nobody and by somebody else, too late, and after the session has ended.

use std::time::Duration;

use super::steps::{
    COUNTS_AND_INTERACTIONS, Fields, NEW, Scene, Stage, answered, is_unchanged, leads_on, post,
    token_of,
};
use crate::support::{Answer, Authenticator, Browser, Dump, PASSWORD, Passkey};

/// Looking at a page a while later is noted in the session.
const COUNTS_AND_SESSIONS: &[&str] =
    &["audit", "login_failures", "webauthn_challenges", "interactions", "sessions"];

/// The forms of the account that need no more than a session: where each is posted, and what a person
/// fills in. Those that need something to be there have a [`Form`].
pub(super) const ACCOUNT_FORMS: &[(&str, &[(&str, &str)])] = &[
    ("/account/password", &[("current", PASSWORD), ("password", NEW)]),
    ("/account/sessions", &[("session", "others")]),
    ("/account/switch", &[("account", "ada1")]),
    ("/account/email", &[("email", "ada@new.example")]),
    ("/account/email/code", &[("code", "2222-2222")]),
    ("/account/activity/not-me", &[]),
];

/// A form, by what it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    EndTrust,
    RemoveApp,
    Delete,
    Keep,
    Export,
    Profile,
    SetUpTotp,
    MakeCodes,
    RemoveTotp,
    AddPasskey,
    RenamePasskey,
    RemovePasskey,
}

impl Form {
    const ALL: [Self; 12] = [
        Self::EndTrust,
        Self::RemoveApp,
        Self::Delete,
        Self::Keep,
        Self::Export,
        Self::Profile,
        Self::SetUpTotp,
        Self::MakeCodes,
        Self::RemoveTotp,
        Self::AddPasskey,
        Self::RenamePasskey,
        Self::RemovePasskey,
    ];

    /// As the source writes it.
    fn route(self) -> &'static str {
        match self {
            Self::EndTrust => "/account/sessions/devices",
            Self::RemoveApp => "/account/apps",
            Self::Delete => "/account/delete",
            Self::Keep => "/account/keep",
            Self::Export => "/account/export",
            Self::Profile => "/account/profile",
            Self::SetUpTotp => "/account/totp",
            Self::MakeCodes => "/account/recovery-codes",
            Self::RemoveTotp => "/account/totp/remove",
            Self::AddPasskey => "/account/passkeys/new",
            Self::RenamePasskey => "/account/passkeys/{id}",
            Self::RemovePasskey => "/account/passkeys/{id}/remove",
        }
    }

    /// Whether it says more than that its button was pressed.
    fn has_fields(self) -> bool {
        !matches!(
            self,
            Self::Delete
                | Self::Keep
                | Self::Export
                | Self::MakeCodes
                | Self::RemoveTotp
                | Self::RemovePasskey
        )
    }

    /// Whether it names something that is one person's.
    fn is_of_one_person(self) -> bool {
        matches!(
            self,
            Self::EndTrust
                | Self::RemoveApp
                | Self::SetUpTotp
                | Self::AddPasskey
                | Self::RenamePasskey
                | Self::RemovePasskey
        )
    }

    /// Whether it asks for a sign-in of the last five minutes.
    fn is_guarded(self) -> bool {
        !matches!(
            self,
            Self::EndTrust | Self::RemoveApp | Self::Keep | Self::Profile | Self::RenamePasskey
        )
    }

    /// Whether it changes what is stored at all.
    fn changes(self) -> bool {
        self != Self::Export
    }

    /// Whether doing it again is another deed.
    fn can_be_repeated(self) -> bool {
        matches!(self, Self::Export | Self::MakeCodes)
    }
}

/// Every route of [`Form`].
pub(super) fn routes() -> impl Iterator<Item = &'static str> {
    Form::ALL.into_iter().map(Form::route)
}

/// A person at the page of a form, and the form as they would send it.
struct Ready {
    browser: Browser,
    path: String,
    csrf: String,
    fields: Fields,
}

impl Ready {
    async fn post(&mut self) -> Answer {
        post(&mut self.browser, &self.path, &self.csrf, &self.fields).await
    }
}

/// Signs in at a page of the account.
async fn sign_in(browser: &mut Browser, page: &str, name: &str) -> Answer {
    let asked = browser.get(page).await;
    browser.submit(&asked, &[("username", name), ("password", PASSWORD)]).await
}

/// The value of the first button of this name.
fn button(page: &Answer, name: &str) -> String {
    let rest = page.body.split(&format!("name=\"{name}\" value=\"")).nth(1);
    let value = rest.and_then(|rest| rest.split('"').next());
    value.unwrap_or_else(|| panic!("no {name}: {}", page.body)).to_owned()
}

async fn prepare(scene: &Scene, form: Form) -> Ready {
    let ada = scene.person().await;
    let name = ada.username.as_str();
    let mut browser = scene.app.browser();
    let mut path = form.route().to_owned();
    let one = |name, value: &str| vec![(name, value.to_owned())];
    let (page, fields) = match form {
        Form::EndTrust | Form::MakeCodes | Form::RemoveTotp => {
            let (phone, _) = scene.app.authenticator(&ada).await;
            scene.app.advance(Duration::from_secs(30));
            let asked = sign_in(&mut browser, "/account", name).await;
            let code = phone.code(&scene.app);
            browser.submit(&asked, &[("code", &code), ("trust", "1")]).await;
            let page = browser.get("/account/sessions").await;
            let fields = match form {
                Form::EndTrust => one("device", &button(&page, "device")),
                _ => Vec::new(),
            };
            (page, fields)
        }
        Form::RemoveApp => {
            let page = browser.sign_in(&scene.maps, name, &[]).await;
            browser.submit(&page, &[("decision", "allow")]).await;
            (browser.get("/account/apps").await, one("app", &scene.maps.client_id))
        }
        Form::Keep => {
            scene.ask_deletion(name).await;
            (sign_in(&mut browser, "/account", name).await, Vec::new())
        }
        Form::Delete | Form::Export => (sign_in(&mut browser, &path, name).await, Vec::new()),
        Form::Profile => (sign_in(&mut browser, &path, name).await, one("nickname", "Countess")),
        Form::SetUpTotp => {
            let page = sign_in(&mut browser, &path, name).await;
            let code = Authenticator::from_page(&page).code(&scene.app);
            let (_, hidden) = page.form();
            let ticket = hidden.into_iter().find(|(name, _)| name == "ticket").expect("a ticket");
            (page, vec![("ticket", ticket.1), ("code", code)])
        }
        Form::AddPasskey | Form::RenamePasskey | Form::RemovePasskey => {
            let page = sign_in(&mut browser, "/account/passkeys/new", name).await;
            let mut key = Passkey::new(&scene.app, name.as_bytes());
            let fields = answered(&page, |asked| key.create(&asked.options));
            if form == Form::AddPasskey {
                (page, fields)
            } else {
                let csrf = token_of(&page);
                let list = post(&mut browser, "/account/passkeys/new", &csrf, &fields).await;
                path = path.replace("{id}", &passkey_on(&list));
                let name = if form == Form::RenamePasskey { one("name", "Phone") } else { vec![] };
                (page, name)
            }
        }
    };
    Ready { csrf: token_of(&page), browser, path, fields }
}

fn passkey_on(list: &Answer) -> String {
    let links = list.body.split("href=\"/account/passkeys/").skip(1);
    let mut ids = links.filter_map(|rest| rest.split('"').next());
    ids.find(|id| *id != "new").unwrap_or_else(|| panic!("no passkey: {}", list.body)).to_owned()
}

async fn dump(scene: &Scene) -> Dump {
    scene.app.dump(COUNTS_AND_INTERACTIONS).await
}

#[actix_web::test]
async fn r87_an_account_form_posted_empty_or_without_its_token_changes_nothing() {
    let scene = Scene::set().await;
    for form in Form::ALL {
        let mut ready = prepare(&scene, form).await;
        let mut stranger = scene.app.browser();
        let csrf = token_of(&stranger.get("/account").await);
        let before = dump(&scene).await;
        if form.has_fields() {
            let answer = post(&mut ready.browser, &ready.path, &ready.csrf, &[]).await;
            leads_on(&answer, &format!("{form:?}, empty"));
            is_unchanged(&before, &dump(&scene).await, &format!("{form:?}, empty"));
        }
        for token in ["", "forged", &csrf] {
            let answer = post(&mut ready.browser, &ready.path, token, &ready.fields).await;
            assert_eq!(answer.status, 403, "{form:?}, token {token:?}");
            leads_on(&answer, &format!("{form:?}, forged"));
        }
        // Nobody, with a token of theirs.
        let answer = post(&mut stranger, &ready.path, &csrf, &ready.fields).await;
        assert!(answer.has("login-submit"), "{form:?}: {}", answer.body);
        is_unchanged(&before, &dump(&scene).await, &format!("{form:?}, forged"));
    }
}

#[actix_web::test]
async fn an_account_form_posted_twice_changes_nothing_the_second_time() {
    let scene = Scene::set().await;
    for form in Form::ALL {
        let mut ready = prepare(&scene, form).await;
        let before = dump(&scene).await;
        let done = ready.post().await;
        assert!(done.status.is_success(), "{form:?}: {} {}", done.status, done.body);
        let after = dump(&scene).await;
        // The dump sees what a right form changes.
        assert_eq!(before != after, form.changes(), "{form:?}");
        if !form.can_be_repeated() {
            let answer = ready.post().await;
            leads_on(&answer, &format!("{form:?}, twice"));
            is_unchanged(&after, &dump(&scene).await, &format!("{form:?}, twice"));
        }
    }
}

#[actix_web::test]
async fn r86_an_account_form_that_names_what_is_another_persons_changes_nothing() {
    let scene = Scene::set().await;
    for form in Form::ALL.into_iter().filter(|form| form.is_of_one_person()) {
        let ready = prepare(&scene, form).await;
        let bob = scene.person().await;
        let mut bobs = scene.app.browser();
        let page = sign_in(&mut bobs, "/account/profile", &bob.username).await;
        let csrf = token_of(&page);
        let before = dump(&scene).await;
        let answer = post(&mut bobs, &ready.path, &csrf, &ready.fields).await;
        leads_on(&answer, &format!("{form:?} of another person"));
        is_unchanged(&before, &dump(&scene).await, &format!("{form:?} of another person"));
    }
}

#[actix_web::test]
async fn r71_an_account_form_posted_too_late_changes_nothing() {
    let scene = Scene::set().await;
    for form in Form::ALL.into_iter().filter(|form| form.is_guarded()) {
        let mut ready = prepare(&scene, form).await;
        scene.app.advance(Duration::from_secs(5 * 60 + 1));
        let before = scene.app.dump(COUNTS_AND_SESSIONS).await;
        let answer = ready.post().await;
        assert!(answer.has("login-submit"), "{form:?}: {}", answer.body);
        is_unchanged(&before, &scene.app.dump(COUNTS_AND_SESSIONS).await, &format!("{form:?}"));
    }
}

#[actix_web::test]
async fn an_account_form_of_a_session_that_ended_changes_nothing() {
    let scene = Scene::set().await;
    for form in Form::ALL {
        let mut ready = prepare(&scene, form).await;
        let kept = ready.browser.cookies.clone();
        let question = ready.browser.get("/end_session").await;
        assert!(ready.browser.submit(&question, &[]).await.has("logged-out"), "{form:?}");
        // A page that stayed open somewhere, with the cookies of before.
        ready.browser.cookies = kept;
        let before = dump(&scene).await;
        let answer = ready.post().await;
        assert!(answer.has("login-submit"), "{form:?}: {}", answer.body);
        is_unchanged(&before, &dump(&scene).await, &format!("{form:?} after the end"));
    }
}

#[actix_web::test]
async fn account_forms_posted_wrongly_change_nothing() {
    let scene = Scene::set().await;
    for &(path, fields) in ACCOUNT_FORMS {
        let mut visit = scene.arrive(Stage::Consent).await;
        let form: Fields =
            fields.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        let mut stranger = scene.app.browser();
        let csrf = token_of(&stranger.get("/account").await);
        let before = scene.app.dump(COUNTS_AND_INTERACTIONS).await;
        let mut answers = Vec::new();
        if !fields.is_empty() {
            answers.push(visit.post(path, &[]).await);
        }
        for token in ["", "forged", &csrf] {
            let answer = post(&mut visit.browser, path, token, &form).await;
            assert_eq!(answer.status, 403, "{path}, token {token:?}");
            answers.push(answer);
        }
        let answer = post(&mut stranger, path, &csrf, &form).await;
        assert!(answer.has("login-submit"), "{path}: {}", answer.body);
        answers.push(answer);
        is_unchanged(&before, &scene.app.dump(COUNTS_AND_INTERACTIONS).await, path);
        // Twice: once is enough. An address that is asked for twice gets two mails.
        answers.push(visit.post(path, &form).await);
        if path != "/account/email" {
            let before = scene.app.dump(COUNTS_AND_INTERACTIONS).await;
            answers.push(visit.post(path, &form).await);
            is_unchanged(&before, &scene.app.dump(COUNTS_AND_INTERACTIONS).await, path);
        }
        answers.iter().for_each(|answer| leads_on(answer, path));
    }
}
