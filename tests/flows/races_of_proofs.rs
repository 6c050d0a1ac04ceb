//! Many uses of one proof at once (`security.md` R67, R74, R75, R78): of each, at most one counts.
//!
//! A kind of proof is a [`Kind`], and a function of [`Racing`] that makes the fifty forms of a round.

use std::collections::BTreeMap;
use std::time::Duration;

use tessera::app::recovery;
use tessera::base::Digest;
use tessera::store::login_failures;

use super::race_course::{Course, Form, Reply, Round, code_of, on_processes, on_sqlite};
use super::races::{AT_ONCE, Tally, rounds_or};
use crate::support::{Authenticator, Passkey, enrolled, question};

const STEP: i64 = 30;
/// In how many tabs one proof is shown. In each of them the password was typed.
const TABS: usize = 5;
/// Failures over all are forgotten after this.
const WINDOW: Duration = Duration::from_secs(11 * 60);

/// A round is dear: pages of a browser, and a password or a few.
fn rounds() -> usize {
    rounds_or(3)
}

/// What is used many times at once.
#[derive(Clone, Copy)]
enum Kind {
    TimeSteps,
    RecoveryCodes,
    Challenges,
    ResetLinks,
    ResetCodes,
}

impl Kind {
    const ALL: [Self; 5] = [
        Self::TimeSteps,
        Self::RecoveryCodes,
        Self::Challenges,
        Self::ResetLinks,
        Self::ResetCodes,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::TimeSteps => "time steps of an authenticator app",
            Self::RecoveryCodes => "recovery codes",
            Self::Challenges => "WebAuthn challenges",
            Self::ResetLinks => "links to a new password",
            Self::ResetCodes => "codes for a new password",
        }
    }

    fn success(self) -> Success {
        match self {
            Self::ResetLinks | Self::ResetCodes => Success::PasswordSet,
            _ => Success::SignedIn,
        }
    }
}

/// What shows that a form counted. A form that only repeats an answer shows the same once more.
#[derive(Clone, Copy)]
enum Success {
    /// A code for the app.
    SignedIn,
    /// A new sign-in, for whoever has a new password.
    PasswordSet,
}

impl Success {
    fn of(self, reply: &Reply) -> Option<String> {
        match self {
            Self::SignedIn => {
                let (_, rest) = reply.body.split_once("id=\"handoff\"")?;
                Some(rest.split_once("?code=")?.1.split('&').next()?.to_owned())
            }
            Self::PasswordSet => reply.location.clone().filter(|_| reply.status == 303),
        }
    }
}

/// One round of a race.
struct Racing<'a> {
    round: Round<'a>,
    key: &'a Passkey,
}

/// Runs the rounds of one kind.
async fn race(course: &Course, key: &Passkey, kind: Kind) {
    let mut tally = Tally::default();
    for number in 0..rounds() {
        let racing = Racing { round: course.round(kind.name(), number), key };
        let forms = racing.forms(kind).await;
        assert_eq!(forms.len(), AT_ONCE);
        tally.count(racing.rush(&forms, kind.success()).await);
    }
    tally.check(course.place, kind.name());
    if course.is_alone() {
        course.desk.advance(WINDOW);
    }
}

async fn run(course: &Course) {
    let key = enrolled(&course.desk, &course.notes_at_desk(), "key-holder").await;
    for kind in Kind::ALL {
        race(course, &key, kind).await;
    }
}

impl Racing<'_> {
    async fn forms(&self, kind: Kind) -> Vec<Form> {
        match kind {
            Kind::TimeSteps => self.time_steps().await,
            Kind::RecoveryCodes => self.recovery_codes().await,
            Kind::Challenges => self.challenges().await,
            Kind::ResetLinks => self.reset_links().await,
            Kind::ResetCodes => self.reset_codes().await,
        }
    }

    /// Posts the forms at once, and says how many of them counted.
    async fn rush(&self, forms: &[Form], success: Success) -> usize {
        let replies = self.round.post(forms).await;
        let mut won: BTreeMap<String, usize> = BTreeMap::new();
        for (number, reply) in replies.iter().enumerate() {
            if let Some(told) = success.of(reply) {
                won.insert(told, number);
            }
        }
        if let (Success::PasswordSet, Some(number)) = (success, won.values().next()) {
            self.signs_in_with(&forms[*number]).await;
        }
        won.len()
    }

    /// The password of the form that counted is the one that stands.
    async fn signs_in_with(&self, form: &Form) {
        let password = form.fields.iter().find(|(name, _)| *name == "password").expect("one");
        // Codes that lost count as wrong passwords do: their second or two are over.
        let account = Digest::of(self.round.person.as_bytes());
        let wait = move |db: &mut _| login_failures::clear_failures(db, &account);
        self.round.course.desk.store.write("wait", wait).await.expect("forgotten");
        let mut browser = self.round.browser();
        let page = browser.authorize(&self.round.course.notes, &[]).await;
        let typed = [("username", self.round.person.as_str()), ("password", password.1.as_str())];
        browser.submit(&page, &typed).await.code();
    }

    /// Tabs in which the right password was typed. The browser never hears that a form of one
    /// counted, so it stays signed out.
    async fn tabs(&self) -> Vec<Form> {
        let mut browser = self.round.browser();
        let mut tabs = Vec::new();
        for _ in 0..TABS {
            let page = browser.sign_in(&self.round.course.notes, &self.round.person, &[]).await;
            tabs.push(Form::of(&browser, &page));
        }
        tabs
    }

    /// The same code in every tab, as often as it takes.
    async fn in_tabs(&self, path: &str, code: &str) -> Vec<Form> {
        let of_tab = |tab: &Form| {
            let path = tab.path.replace("/totp", path);
            tab.with("code", code).to(&path)
        };
        self.tabs().await.iter().map(of_tab).cycle().take(AT_ONCE).collect()
    }

    /// A person with an authenticator app, whose step of now is used up where it was set up.
    async fn guarded(&self) -> (Authenticator, Vec<String>, i64) {
        let user = self.round.course.desk.user(&self.round.person).await;
        let used = self.round.course.desk.clock_seconds() / STEP;
        let (phone, codes) = self.round.course.desk.authenticator(&user).await;
        (phone, codes, used)
    }

    async fn time_steps(&self) -> Vec<Form> {
        let (phone, _, used) = self.guarded().await;
        let mut forms = self.in_tabs("/totp", "").await;
        // The next step is taken as well as this one.
        let step = (self.round.course.now().as_seconds() / STEP).max(used + 1);
        for form in &mut forms {
            form.fields.last_mut().expect("the code").1 = phone.code_of(step);
        }
        forms
    }

    async fn recovery_codes(&self) -> Vec<Form> {
        let (_, codes, _) = self.guarded().await;
        self.in_tabs("/recovery", &codes[0]).await
    }

    async fn challenges(&self) -> Vec<Form> {
        let mut browser = self.round.browser();
        let page = browser.authorize(&self.round.course.notes, &[]).await;
        let asked = question(&page);
        let form = Form::of(&browser, &page).to(&asked.action);
        let form = form.with("ticket", &asked.ticket);
        vec![form.with("answer", &self.key.get(asked.challenge())); AT_ONCE]
    }

    /// A form for each of many passwords, so that it can be told whose counted.
    fn with_passwords(form: &Form) -> Vec<Form> {
        let password = |number: usize| format!("battery staple horse, number {number}");
        (0..AT_ONCE).map(|number| form.with("password", &password(number))).collect()
    }

    async fn reset_links(&self) -> Vec<Form> {
        let desk = &self.round.course.desk;
        desk.user(&self.round.person).await;
        let link = recovery::make_link(desk.operator(), &self.round.person).await;
        let (_, link) = link.expect("a link");
        let mut browser = self.round.browser();
        let page = browser.get(link.expose()).await;
        Self::with_passwords(&Form::of(&browser, &page))
    }

    async fn reset_codes(&self) -> Vec<Form> {
        let user = self.round.course.desk.user(&self.round.person).await;
        let mut browser = self.round.browser();
        let page = browser.get("/recover").await;
        let page = browser.submit(&page, &[("username", &self.round.person)]).await;
        let address = user.email.expect("an address");
        let mail = self.round.course.mails.mail_to(&address).await;
        let code = code_of(&mail);
        let form = Form::of(&browser, &page).with("username", &self.round.person);
        Self::with_passwords(&form.with("code", &code))
    }
}

#[actix_web::test]
async fn r67_r74_r75_r78_no_proof_counts_twice_on_sqlite() {
    on_sqlite("proofs", run).await;
}

#[test]
fn r67_r74_r75_r78_no_proof_counts_twice_on_two_processes_over_postgres() {
    on_processes(run);
}
