//! Plays a sequence against the server, and compares each answer with the model and the ledger.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use reqwest::Client;
use tessera::domain::User;

use super::facts::{Grant, Page, demanded};
use super::ledger::Ledger;
use super::model::Model;
use super::pages::{kind, name_of};
use super::steps::{Ask, BROWSERS, Code, Form, Link, Step, TABS, Who};
use crate::support::{Answer, App, Authenticator, Browser, PASSWORD, Passkey, Question, TestApp};
use crate::support::{VERIFIER, enrol, payload, question, read, text};

/// How often each page was seen, and how many codes were redeemed.
pub(super) type Tally = BTreeMap<&'static str, usize>;

/// How long the question for a passkey counts, in seconds.
const QUESTION_FOR: u64 = 5 * 60;

/// The name of redeemed codes in a tally.
pub(super) const REDEEMED: &str = "redeemed";

/// A person as the test plays them.
struct Player {
    user: User,
    phone: Option<Authenticator>,
    codes: Vec<String>,
    used_codes: Vec<String>,
    used_totp: String,
}

/// A tab, and what it last showed.
#[derive(Default)]
struct Tab {
    /// The address of its interaction without a step; what was asked, and when.
    place: Option<(String, (Ask, u64))>,
    page: Option<Page>,
    phone: Option<Authenticator>,
    /// The question for a passkey, the page that asked it, and when.
    question: Option<(Question, Page, u64)>,
}

/// One sequence under way.
pub(super) struct Play<'a> {
    app: &'a TestApp,
    http: &'a Client,
    apps: &'a [App; 2],
    people: [Player; 3],
    /// Eve's, and one that nobody knows.
    passkeys: [Passkey; 2],
    browsers: [Browser; BROWSERS],
    csrf: [String; BROWSERS],
    tabs: [Tab; TABS],
    model: Model,
    ledger: Ledger,
    /// Codes that came back: a final step that is posted twice gives the same again.
    seen: BTreeSet<String>,
    trace: Vec<String>,
}

impl<'a> Play<'a> {
    pub(super) async fn new(
        app: &'a TestApp,
        http: &'a Client,
        apps: &'a [App; 2],
        number: usize,
    ) -> Self {
        // Each sequence has its own counts of the network.
        app.advance(Duration::from_secs(11 * 60));
        let mut people = Vec::new();
        for name in ["ada", "bob", "eve"] {
            let user = app.user(&format!("{name}{number}")).await;
            let (phone, codes) = match name {
                "bob" => Some(app.authenticator(&user).await).unzip(),
                _ => (None, None),
            };
            let used_totp = phone.as_ref().map(|phone| phone.code(app)).unwrap_or_default();
            let codes = codes.unwrap_or_default();
            people.push(Player { user, phone, codes, used_codes: Vec::new(), used_totp });
        }
        let eves = enrol(app, &apps[0], &people[Who::Eve as usize].user.username).await;
        let mut browsers = [app.browser(), app.browser()];
        let mut csrf = [String::new(), String::new()];
        for (browser, csrf) in browsers.iter_mut().zip(&mut csrf) {
            let page = browser.get("/account").await;
            let fields = page.form().1;
            *csrf = fields.into_iter().find(|(name, _)| name == "csrf").expect("a token").1;
        }
        let model = Model::new(u64::try_from(app.clock_seconds()).expect("after 1970"));
        Self {
            app,
            http,
            apps,
            people: people.try_into().unwrap_or_else(|_| panic!("three people")),
            passkeys: [eves, Passkey::new(app, b"unknown")],
            browsers,
            csrf,
            tabs: Default::default(),
            model,
            ledger: Ledger::default(),
            seen: BTreeSet::new(),
            trace: Vec::new(),
        }
    }

    pub(super) async fn run(&mut self, steps: &[Step], tally: &mut Tally) -> Result<(), String> {
        for step in steps {
            self.trace.push(format!("{step:?}"));
            if let Err(what) = self.step(*step, tally).await {
                return Err(format!("{what}\n  {}", self.trace.join("\n  ")));
            }
        }
        Ok(())
    }

    async fn step(&mut self, step: Step, tally: &mut Tally) -> Result<(), String> {
        match step {
            Step::Wait(seconds) => {
                self.app.advance(Duration::from_secs(seconds));
                self.model.wait(seconds);
                Ok(())
            }
            Step::Begin(tab, ask) => {
                let answer = self.begin(tab, ask).await;
                let expected = self.model.begin(tab, ask);
                self.keep_address(tab, ask, self.model.now, &answer);
                self.see(tab / 2, tab, &answer, (expected, (ask, self.model.now)), tally).await
            }
            Step::Look { by, tab } => {
                let Some((address, asked)) = self.place(tab) else { return Ok(()) };
                let answer = self.browsers[by].get(&address).await;
                let expected = self.model.look(by, tab);
                self.see(by, tab, &answer, (expected, asked), tally).await
            }
            Step::Turn { by, tab, to } => {
                let Some((address, asked)) = self.place(tab) else { return Ok(()) };
                let path = match to {
                    Link::Recovery => "recovery",
                    Link::Passkey => "passkey/confirm",
                    Link::Accounts => "account",
                };
                let answer = self.browsers[by].get(&format!("{address}/{path}")).await;
                let expected = self.model.turn(by, tab, to);
                self.see(by, tab, &answer, (expected, asked), tally).await
            }
            Step::Restart { by, tab } => {
                let Some((address, asked)) = self.place(tab) else { return Ok(()) };
                let answer = self.browsers[by].get(&format!("{address}/restart")).await;
                let expected = self.model.restart(by, tab);
                let into = by * 2 + tab % 2;
                if expected != Page::Stop {
                    self.keep_address(into, asked.0, asked.1, &answer);
                }
                self.see(by, into, &answer, (expected, asked), tally).await
            }
            Step::Comply { tab, who } => {
                let form = self.asked_form(tab, who);
                self.post(tab / 2, tab, form, tally).await
            }
            Step::Post { by, tab, form } => self.post(by, tab, form, tally).await,
            Step::Account(by) => {
                let answer = self.browsers[by].get("/account").await;
                let expected = self.model.open_account(by);
                self.see_own_page(by, &answer, expected, tally)
            }
            Step::SignOut(by) => {
                let mut answer = self.browsers[by].get("/end_session").await;
                if answer.has("logout-confirm") {
                    answer = self.browsers[by].submit(&answer, &[]).await;
                }
                self.ledger.signed_out(by);
                let expected = self.model.sign_out(by);
                self.see_own_page(by, &answer, expected, tally)
            }
        }
    }

    async fn begin(&mut self, tab: usize, ask: Ask) -> Answer {
        let max_age = ask.max_age.map(|age| age.to_string()).unwrap_or_default();
        let extra = [
            ("prompt", ask.prompt.unwrap_or_default()),
            ("max_age", max_age.as_str()),
            ("acr_values", ask.acr.unwrap_or_default()),
        ];
        let app = &self.apps[usize::from(!ask.is_first_party)];
        self.browsers[tab / 2].authorize(app, &extra).await
    }

    /// Remembers the interaction that a tab has come to.
    fn keep_address(&mut self, tab: usize, ask: Ask, asked_at: u64, answer: &Answer) {
        let Some((_, rest)) = answer.url.split_once("/i/") else { return };
        let id = rest.split(['/', '?']).next().unwrap_or_default();
        let place = Some((format!("/i/{id}"), (ask, asked_at)));
        self.tabs[tab] = Tab { place, ..Tab::default() };
    }

    fn place(&self, tab: usize) -> Option<(String, (Ask, u64))> {
        self.tabs[tab].place.clone()
    }

    /// The form that the page of a tab asks for, filled in well.
    fn asked_form(&self, tab: usize, who: Who) -> Form {
        match self.tabs[tab].page {
            Some(Page::Code) => Form::Totp(who, Code::Right),
            Some(Page::Recovery) => Form::Recovery(who, Code::Right),
            Some(Page::SetUp) => Form::SetUp(true),
            Some(Page::Choose) => Form::Choose(who as usize),
            Some(Page::Consent) => Form::Consent(true),
            Some(Page::Passkey) => Form::PasskeyConfirm(true),
            // Where more is demanded, the passkey comes after the password.
            Some(Page::SignIn) if who == Who::Eve && !self.wants_more(tab) => {
                Form::PasskeySignIn(true)
            }
            _ => Form::Password(who, true),
        }
    }

    fn wants_more(&self, tab: usize) -> bool {
        self.tabs[tab].place.as_ref().is_some_and(|(_, (ask, _))| demanded(ask) > 1)
    }

    /// Whether a tab has a question of this page that still counts.
    fn is_asked(&self, tab: usize, page: Page) -> bool {
        let question = self.tabs[tab].question.as_ref();
        question.is_some_and(|(_, by, at)| *by == page && self.model.now < at + QUESTION_FOR)
    }

    async fn post(
        &mut self,
        by: usize,
        tab: usize,
        form: Form,
        tally: &mut Tally,
    ) -> Result<(), String> {
        let Some((address, asked)) = self.place(tab) else { return Ok(()) };
        let form = match form {
            Form::SetUp(true) if self.tabs[tab].phone.is_none() => Form::SetUp(false),
            Form::PasskeySignIn(right) => {
                Form::PasskeySignIn(right && self.is_asked(tab, Page::SignIn))
            }
            Form::PasskeyConfirm(right) => {
                Form::PasskeyConfirm(right && self.is_asked(tab, Page::Passkey))
            }
            // The code of whoever is asked: that of another person is a wrong one.
            Form::Totp(who, code) => Form::Totp(self.model.asked(by, tab).unwrap_or(who), code),
            Form::Recovery(who, code) => {
                Form::Recovery(self.model.asked(by, tab).unwrap_or(who), code)
            }
            other => other,
        };
        let (step, fields) = self.fields(tab, form);
        let mut fields: Vec<(&str, &str)> =
            fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let csrf = self.csrf[by].clone();
        fields.push(("csrf", &csrf));
        let answer = self.browsers[by].post(&format!("{address}/{step}"), &fields).await;
        if answer.status == 429 {
            let may = self.model.may_be_throttled(by, tab, form);
            return may.then_some(()).ok_or_else(|| "too many, too early".to_owned());
        }
        self.note(by, tab, form);
        let expected = self.model.post(by, tab, form);
        if expected == Page::RecoveryCodes {
            self.equip(by, tab, &answer);
        }
        self.see(by, tab, &answer, (expected, asked), tally).await
    }

    /// Where a form goes, and what is typed into it.
    fn fields(&mut self, tab: usize, form: Form) -> (&'static str, Vec<(&'static str, String)>) {
        let typed = |name, value: &str| vec![(name, value.to_owned())];
        match form {
            Form::Password(who, is_right) => {
                let mut fields = typed("username", &self.people[who as usize].user.username);
                let password = if is_right { PASSWORD } else { "wrong password" };
                fields.push(("password", password.to_owned()));
                ("sign-in", fields)
            }
            Form::Totp(who, code) => ("totp", typed("code", &self.totp(who, code))),
            Form::Recovery(who, code) => {
                ("recovery", typed("code", &self.recovery_code(who, code)))
            }
            Form::PasskeySignIn(is_right) => ("passkey/sign-in", self.answered(tab, is_right)),
            Form::PasskeyConfirm(is_right) => ("passkey/confirm", self.answered(tab, is_right)),
            Form::SetUp(is_right) => {
                let phone = self.tabs[tab].phone.as_ref().filter(|_| is_right);
                let code = phone.map_or_else(|| "12345".to_owned(), |phone| phone.code(self.app));
                ("set-up-totp", typed("code", &code))
            }
            Form::Choose(place) => ("account", typed("account", &place.to_string())),
            Form::Other => ("account", typed("account", "other")),
            Form::Consent(is_allowed) => {
                ("consent", typed("decision", if is_allowed { "allow" } else { "deny" }))
            }
            Form::Empty(step) => (step, Vec::new()),
        }
    }

    /// An answer to the question of a tab, which counts once.
    fn answered(&mut self, tab: usize, is_right: bool) -> Vec<(&'static str, String)> {
        let Some((asked, ..)) = self.tabs[tab].question.take() else { return Vec::new() };
        let answer = self.passkeys[usize::from(!is_right)].get(asked.challenge());
        vec![("ticket", asked.ticket), ("answer", answer)]
    }

    fn totp(&mut self, who: Who, code: Code) -> String {
        let person = &mut self.people[who as usize];
        let Some(phone) = &person.phone else { return "123456".to_owned() };
        match code {
            Code::Wrong => phone.wrong_code(self.app),
            Code::Used => person.used_totp.clone(),
            Code::Right => phone.code(self.app),
        }
    }

    /// A wrong one is a good one of the other person (`security.md` R75).
    fn recovery_code(&self, who: Who, code: Code) -> String {
        let other = if who == Who::Bob { Who::Ada } else { Who::Bob };
        let (own, other) = (&self.people[who as usize], &self.people[other as usize]);
        let found = match code {
            Code::Right => own.codes.last(),
            Code::Used => own.used_codes.last(),
            Code::Wrong => other.codes.last(),
        };
        found.cloned().unwrap_or_else(|| "no code".to_owned())
    }

    /// Enters into the ledger what a form shows. It counts whether or not it was asked for: a
    /// server that takes more than this takes too much.
    fn note(&mut self, by: usize, tab: usize, form: Form) {
        let now = self.model.now;
        match form {
            Form::Password(who, true) => self.ledger.password(by, who, now),
            Form::Consent(true) => {
                let who = self.model.consenting(by, tab);
                who.into_iter().for_each(|who| self.ledger.allowed(who));
            }
            Form::PasskeySignIn(true) | Form::PasskeyConfirm(true) if by == tab / 2 => {
                self.ledger.passkey(by, Who::Eve, now);
            }
            Form::Totp(who, Code::Right) if self.model.takes_code(by, tab, form) => {
                self.ledger.code(by, who, now);
                let code = self.totp(who, Code::Right);
                self.people[who as usize].used_totp = code;
            }
            Form::Recovery(who, Code::Right) if self.model.takes_code(by, tab, form) => {
                self.ledger.code(by, who, now);
                let person = &mut self.people[who as usize];
                person.used_codes.extend(person.codes.pop());
            }
            _ => {}
        }
    }

    /// The person has the app that was set up in a tab, and the codes of the page.
    fn equip(&mut self, by: usize, tab: usize, answer: &Answer) {
        let Some(phone) = self.tabs[tab].phone.take() else { return };
        let person = &mut self.people[Who::Ada as usize];
        person.used_totp = phone.code(self.app);
        person.phone = Some(phone);
        let codes = answer.body.split("<li><code>").skip(1);
        person.codes = codes.filter_map(|code| Some(code.split('<').next()?.to_owned())).collect();
        self.ledger.code(by, Who::Ada, self.model.now);
    }

    /// Compares what a browser got in a tab with what it should have got.
    async fn see(
        &mut self,
        by: usize,
        tab: usize,
        answer: &Answer,
        (expected, asked): (Page, (Ask, u64)),
        tally: &mut Tally,
    ) -> Result<(), String> {
        let shown = kind(answer)?;
        self.note_page(shown, tally);
        if shown != name_of(expected) {
            return Err(format!(
                "{shown} instead of {expected:?}: {} {}",
                answer.status, answer.url
            ));
        }
        if shown == "set-up" {
            self.tabs[tab].phone = Some(Authenticator::from_page(answer));
        }
        // What is shown to the other browser is not in this tab.
        if by == tab / 2 {
            self.tabs[tab].page = Some(expected);
            if matches!(expected, Page::SignIn | Page::Passkey) {
                self.tabs[tab].question = Some((question(answer), expected, self.model.now));
            }
        }
        match expected {
            Page::Granted(grant) => self.granted(by, answer.code(), (grant, asked), tally).await,
            Page::Refused(error) if answer.told("error").as_deref() != Some(error) => {
                Err(format!("{:?} instead of {error}", answer.told("error")))
            }
            Page::SignIn | Page::Stop | Page::Refused(_) => Ok(()),
            _ => self.ledger.is_past_password(by),
        }
    }

    fn note_page(&mut self, shown: &'static str, tally: &mut Tally) {
        *tally.entry(shown).or_default() += 1;
        if let Some(line) = self.trace.last_mut() {
            *line = format!("{line} -> {shown}");
        }
    }

    fn see_own_page(
        &mut self,
        by: usize,
        answer: &Answer,
        expected: Page,
        tally: &mut Tally,
    ) -> Result<(), String> {
        let shown = kind(answer)?;
        self.note_page(shown, tally);
        if shown != name_of(expected) {
            return Err(format!("{shown} instead of {expected:?}"));
        }
        let Page::Account(who) = expected else { return Ok(()) };
        let email = self.people[who as usize].user.email.clone().expect("an address");
        if !answer.body.contains(&email) {
            return Err(format!("the account is not that of {who:?}"));
        }
        self.ledger.opens_account(by, who)
    }

    /// Redeems a code that was not seen before, and compares what it is worth.
    async fn granted(
        &mut self,
        by: usize,
        code: String,
        (grant, asked): (Grant, (Ask, u64)),
        tally: &mut Tally,
    ) -> Result<(), String> {
        if !self.seen.insert(code.clone()) {
            return Ok(());
        }
        let app = &self.apps[usize::from(!asked.0.is_first_party)];
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code.as_str()),
            ("redirect_uri", &app.redirect_uri),
            ("code_verifier", VERIFIER),
        ];
        let request = self.http.post(format!("{}/token", app.provider)).form(&form);
        let (status, body) = read(request.basic_auth(&app.client_id, app.secret.as_deref())).await;
        if !self.model.is_live(grant.session) {
            return (status == 400)
                .then_some(())
                .ok_or_else(|| "a code after its session".to_owned());
        }
        if status != 200 {
            return Err(format!("{status} {body}"));
        }
        *tally.entry(REDEEMED).or_default() += 1;
        let claims = payload(text(&body, "id_token"));
        let subject = self.people[grant.who as usize].user.subject.as_str().to_owned();
        let is_as_expected = claims["sub"] == subject.as_str()
            && claims["acr"] == grant.worth.acr()
            && claims["auth_time"] == grant.auth_time;
        if !is_as_expected {
            return Err(format!("{grant:?} became {claims}"));
        }
        self.ledger.proves(by, grant.who, (&asked.0, asked.1), &claims)
    }
}
