//! The reference model: who has proven what in which browser, and which page that leads to. It
//! knows no cookie, no row and no form field.

use super::facts::{
    ABSOLUTE, Account, Due, EVIDENCE_FOR, Evidence, FREE, Grant, IDLE, INTERACTION_FOR,
    Interaction, Page, Proven, REPLAY_FOR, Session, Worth, demanded, is_stale, level, touch,
};
use super::steps::{Ask, BROWSERS, Code, Form, Link, TABS, Who};

pub(super) struct Model {
    pub(super) now: u64,
    accounts: [Account; 3],
    browsers: [Vec<Session>; BROWSERS],
    tabs: [Option<Interaction>; TABS],
    sessions: u32,
}

impl Model {
    /// Bob's app has used the present time step. Eve has a passkey.
    pub(super) fn new(now: u64) -> Self {
        let ada = Account::default();
        let bob = Account { has_app: true, last_step: now / 30, spare_codes: 10, ..ada };
        Self {
            now,
            accounts: [ada, bob, Account { has_passkey: true, ..ada }],
            browsers: [const { Vec::new() }; BROWSERS],
            tabs: [None; TABS],
            sessions: 0,
        }
    }

    pub(super) fn wait(&mut self, seconds: u64) {
        self.now += seconds;
        let now = self.now;
        for sessions in &mut self.browsers {
            sessions.retain(|one| now < one.idle_ends && now < one.ends);
        }
    }

    /// Whether a session still counts.
    pub(super) fn is_live(&self, session: u32) -> bool {
        self.browsers.iter().flatten().any(|one| one.id == session)
    }

    /// Whose code is asked for in a tab.
    pub(super) fn asked(&self, by: usize, tab: usize) -> Option<Who> {
        let interaction = self.open(by, tab)?;
        match self.due(by, &interaction) {
            Due::Second(who, _) | Due::SetUp(who, _) => Some(who),
            _ => None,
        }
    }

    /// Whether a form may meet "too many": not before the free failures are used up.
    pub(super) fn may_be_throttled(&self, by: usize, tab: usize, form: Form) -> bool {
        match form {
            Form::Password(who, _) => self.account(who).wrong_passwords >= FREE,
            Form::Totp(..) | Form::Recovery(..) | Form::Empty("totp" | "recovery") => {
                self.asked(by, tab).is_some_and(|who| self.account(who).wrong_codes >= FREE)
            }
            _ => false,
        }
    }

    /// Whether a right code is accepted, and so used up.
    pub(super) fn takes_code(&self, by: usize, tab: usize, form: Form) -> bool {
        let Some(open) = self.open(by, tab) else { return false };
        let Due::Second(who, _) = self.due(by, &open) else { return false };
        let account = self.account(who);
        let is_good = match form {
            Form::Totp(_, code) => {
                code == Code::Right && account.has_app && self.now / 30 > account.last_step
            }
            Form::Recovery(_, code) => code == Code::Right && account.spare_codes > 0,
            _ => false,
        };
        is_good && self.replayed(&open).is_none()
    }

    /// Who is asked to allow an app.
    pub(super) fn consenting(&self, by: usize, tab: usize) -> Option<Who> {
        match self.due(by, &self.open(by, tab)?) {
            Due::Consent(place) => Some(self.browsers[by][place].who),
            _ => None,
        }
    }

    pub(super) fn begin(&mut self, tab: usize, ask: Ask) -> Page {
        let by = tab / 2;
        let (asked_at, begun) = (self.now, self.now);
        let evidence = Evidence::default();
        let new = Interaction { owner: by, ask, asked_at, begun, evidence, finished: None };
        if ask.prompt == Some("none") {
            return self.begin_silently(by, &new);
        }
        if let Due::Finish(place) = self.due(by, &new) {
            return Page::Granted(self.grant(by, place));
        }
        self.tabs[tab] = Some(new);
        self.advance(by, tab)
    }

    fn begin_silently(&mut self, by: usize, new: &Interaction) -> Page {
        let Some(active) = self.browsers[by].first().copied() else {
            return Page::Refused("login_required");
        };
        if is_stale(new, &active) || level(&active) < demanded(&new.ask) {
            return Page::Refused("login_required");
        }
        if !new.ask.is_first_party && !self.account(active.who).has_allowed {
            return Page::Refused("consent_required");
        }
        Page::Granted(self.grant(by, 0))
    }

    pub(super) fn look(&mut self, by: usize, tab: usize) -> Page {
        match self.open(by, tab) {
            Some(_) => self.advance(by, tab),
            None => Page::Stop,
        }
    }

    /// Other pages than the one that is due, where they lead on from it.
    pub(super) fn turn(&mut self, by: usize, tab: usize, to: Link) -> Page {
        let Some(open) = self.open(by, tab) else { return Page::Stop };
        let is_over = self.replayed(&open).is_some();
        match (to, self.due(by, &open)) {
            (Link::Recovery, Due::Second(who, _)) if !is_over => self.way(who, Page::Recovery),
            (Link::Passkey, Due::Second(who, _)) if !is_over => self.way(who, Page::Passkey),
            (Link::Accounts, _) if !is_over && !self.browsers[by].is_empty() => Page::Choose,
            _ => self.advance(by, tab),
        }
    }

    /// Anybody who knows the address may ask the same again, with nothing proven.
    pub(super) fn restart(&mut self, by: usize, tab: usize) -> Page {
        let fresh = self.tabs[tab].filter(|old| self.now < old.begun + INTERACTION_FOR);
        let Some(old) = fresh else { return Page::Stop };
        let evidence = Evidence::default();
        let new = Interaction { owner: by, begun: self.now, evidence, finished: None, ..old };
        let into = by * 2 + tab % 2;
        self.tabs[into] = Some(new);
        self.advance(by, into)
    }

    pub(super) fn open_account(&mut self, by: usize) -> Page {
        let now = self.now;
        match self.browsers[by].first_mut() {
            Some(active) => {
                touch(active, now);
                Page::Account(active.who)
            }
            None => Page::SignIn,
        }
    }

    pub(super) fn sign_out(&mut self, by: usize) -> Page {
        self.browsers[by].clear();
        Page::SignedOut
    }

    /// A form that was not held back by "too many".
    pub(super) fn post(&mut self, by: usize, tab: usize, form: Form) -> Page {
        let Some(open) = self.open(by, tab) else { return Page::Stop };
        let is_over = self.replayed(&open).is_some();
        match (form, self.due(by, &open)) {
            (Form::Password(who, is_right), Due::SignIn(asked)) if !is_over => {
                self.password(by, tab, who, is_right, asked)
            }
            (Form::Empty("sign-in" | "passkey/sign-in"), Due::SignIn(_)) if !is_over => {
                self.is_begun_anew(tab);
                Page::SignIn
            }
            (Form::Totp(..), Due::Second(who, proven)) if !is_over => {
                let is_right = self.takes_code(by, tab, form);
                if is_right {
                    self.account_mut(who).last_step = self.now / 30;
                }
                self.second_factor(by, tab, (who, proven), is_right, Page::Code)
            }
            (Form::PasskeySignIn(is_right), Due::SignIn(asked)) if !is_over => {
                if self.is_begun_anew(tab) || !is_right {
                    return Page::SignIn;
                }
                self.open_session(by, tab, asked, (Who::Eve, self.now, Worth::Passkey));
                self.advance(by, tab)
            }
            (Form::PasskeyConfirm(is_right), Due::Second(who, proven)) if !is_over => {
                if !is_right || who != Who::Eve {
                    return self.way(who, Page::Passkey);
                }
                self.accept(by, tab, who, proven);
                self.advance(by, tab)
            }
            (Form::Recovery(..), Due::Second(who, proven)) if !is_over => {
                let is_right = self.takes_code(by, tab, form);
                if is_right {
                    self.account_mut(who).spare_codes -= 1;
                }
                self.second_factor(by, tab, (who, proven), is_right, Page::Recovery)
            }
            (Form::Empty(path @ ("totp" | "recovery")), Due::Second(who, proven)) if !is_over => {
                let page = if path == "totp" { Page::Code } else { Page::Recovery };
                self.second_factor(by, tab, (who, proven), false, page)
            }
            (Form::Empty("passkey/confirm"), Due::Second(who, _)) if !is_over => {
                self.way(who, Page::Passkey)
            }
            (Form::SetUp(true), Due::SetUp(who, proven)) if !is_over => {
                let step = self.now / 30;
                let account = self.account_mut(who);
                (account.has_app, account.last_step, account.spare_codes) = (true, step, 10);
                self.accept(by, tab, who, proven);
                self.advance(by, tab);
                Page::RecoveryCodes
            }
            (Form::Choose(place), _) => self.choose(by, tab, place),
            (Form::Other, _) => {
                let restarted = open.evidence.restarted;
                let wants = Evidence { wants_other: true, restarted, ..Evidence::default() };
                self.evidence(tab, |evidence| *evidence = wants);
                self.advance(by, tab)
            }
            (Form::Consent(false), Due::Consent(_)) => Page::Refused("access_denied"),
            (Form::Consent(true), Due::Consent(place)) => {
                let (who, now) = (self.browsers[by][place].who, self.now);
                self.account_mut(who).has_allowed = true;
                self.evidence(tab, |evidence| evidence.allowed = Some((who, now)));
                self.advance(by, tab)
            }
            // Out of order, or twice: what is due decides.
            _ => self.advance(by, tab),
        }
    }

    /// The page was open for so long that it begins anew.
    fn is_begun_anew(&mut self, tab: usize) -> bool {
        let now = self.now;
        let interaction = self.tabs[tab].as_mut().expect("an interaction");
        let begun = interaction.evidence.restarted.unwrap_or(interaction.begun);
        let is_stale = now >= begun + EVIDENCE_FOR;
        if is_stale {
            interaction.evidence = Evidence { restarted: Some(now), ..Evidence::default() };
        }
        is_stale
    }

    fn password(
        &mut self,
        by: usize,
        tab: usize,
        who: Who,
        is_right: bool,
        asked: Option<usize>,
    ) -> Page {
        if self.is_begun_anew(tab) {
            return Page::SignIn;
        }
        if !is_right {
            self.account_mut(who).wrong_passwords += 1;
            return Page::SignIn;
        }
        self.account_mut(who).wrong_passwords = 0;
        let now = self.now;
        let level = self.tabs[tab].map_or(0, |interaction| demanded(&interaction.ask));
        if self.account(who).has_app || level > 1 {
            self.evidence(tab, |evidence| {
                evidence.first_factor = Some((who, now));
                evidence.signed_in = None;
            });
        } else {
            self.open_session(by, tab, asked, (who, now, Worth::Password));
        }
        self.advance(by, tab)
    }

    fn second_factor(
        &mut self,
        by: usize,
        tab: usize,
        (who, proven): (Who, Proven),
        is_right: bool,
        page: Page,
    ) -> Page {
        if !is_right {
            self.account_mut(who).wrong_codes += 1;
            return self.way(who, page);
        }
        self.account_mut(who).wrong_codes = 0;
        self.accept(by, tab, who, proven);
        self.advance(by, tab)
    }

    fn accept(&mut self, by: usize, tab: usize, who: Who, proven: Proven) {
        let (auth_time, asked) = match proven {
            Proven::Password(at, asked) => (at, asked),
            Proven::Session(place) => (self.browsers[by][place].auth_time, Some(place)),
        };
        let has_passkey = self.account(who).has_passkey;
        let worth = if has_passkey { Worth::Passkey } else { Worth::PasswordAndCode };
        self.open_session(by, tab, asked, (who, auth_time, worth));
    }

    fn choose(&mut self, by: usize, tab: usize, place: usize) -> Page {
        let now = self.now;
        if let Some(session) = self.browsers[by].get(place).map(|session| session.id) {
            self.evidence(tab, |evidence| {
                evidence.chosen = Some((session, now));
                evidence.wants_other = false;
                evidence.first_factor = None;
                evidence.signed_in = evidence.signed_in.filter(|(made, _)| *made == session);
            });
        }
        self.advance(by, tab)
    }

    /// The same person keeps their session; another one replaces whoever was asked to confirm.
    fn open_session(
        &mut self,
        by: usize,
        tab: usize,
        asked: Option<usize>,
        (who, auth_time, worth): (Who, u64, Worth),
    ) {
        let now = self.now;
        let sessions = &mut self.browsers[by];
        let replaced = asked.map(|place| sessions[place].id);
        let own = sessions.iter().find(|one| one.who == who).copied();
        sessions.retain(|one| Some(one.id) != replaced && one.who != who);
        self.sessions += 1;
        let id = own.map_or(self.sessions, |own| own.id);
        let auth_time = own.map_or(auth_time, |own| own.auth_time.max(auth_time));
        let (idle_ends, ends) = (now + IDLE, now + ABSOLUTE);
        let session = Session { id, who, auth_time, worth, seen: now, idle_ends, ends };
        sessions.insert(0, session);
        let made = Evidence { signed_in: Some((id, now)), ..Evidence::default() };
        self.evidence(tab, |evidence| *evidence = made);
    }

    /// What is due, or the end.
    fn advance(&mut self, by: usize, tab: usize) -> Page {
        let interaction = self.tabs[tab].expect("an interaction");
        if let Some(grant) = self.replayed(&interaction) {
            return Page::Granted(grant);
        }
        match self.due(by, &interaction) {
            Due::SignIn(_) => Page::SignIn,
            Due::Second(who, _) => self.way(who, Page::Code),
            Due::SetUp(..) => Page::SetUp,
            Due::Choose => Page::Choose,
            Due::Consent(_) => Page::Consent,
            Due::Finish(place) => {
                let grant = self.grant(by, place);
                self.tabs[tab] =
                    Some(Interaction { finished: Some((grant, self.now)), ..interaction });
                Page::Granted(grant)
            }
        }
    }

    fn due(&self, by: usize, interaction: &Interaction) -> Due {
        let first = self.fresh(interaction.evidence.first_factor);
        match (self.account_due(by, interaction), first) {
            (Due::SignIn(asked), Some((who, at))) => self.second(who, Proven::Password(at, asked)),
            (Due::Choose, Some((who, at))) => self.second(who, Proven::Password(at, None)),
            (Due::Finish(place), first) if !self.is_enough(by, place, interaction) => match first {
                Some((who, at)) => self.second(who, Proven::Password(at, Some(place))),
                None if self.can_show_two(self.browsers[by][place].who) => {
                    Due::Second(self.browsers[by][place].who, Proven::Session(place))
                }
                // A new factor needs fresh proof of the old one.
                None => Due::SignIn(Some(place)),
            },
            (Due::Finish(place), _) if self.must_allow(by, place, interaction) => {
                Due::Consent(place)
            }
            (due, _) => due,
        }
    }

    fn second(&self, who: Who, proven: Proven) -> Due {
        match self.can_show_two(who) {
            true => Due::Second(who, proven),
            false => Due::SetUp(who, proven),
        }
    }

    fn can_show_two(&self, who: Who) -> bool {
        self.account(who).has_app || self.account(who).has_passkey
    }

    /// The page of a way that somebody has, in place of one that they have not.
    fn way(&self, who: Who, wanted: Page) -> Page {
        match wanted {
            Page::Code | Page::Recovery if self.account(who).has_passkey => Page::Passkey,
            Page::Passkey if !self.account(who).has_passkey => Page::Code,
            Page::Recovery if self.account(who).spare_codes == 0 => Page::Code,
            _ => wanted,
        }
    }

    /// Which account it is about: `Finish` stands for "this one".
    fn account_due(&self, by: usize, interaction: &Interaction) -> Due {
        let sessions = &self.browsers[by];
        let place = |id: u32| sessions.iter().position(|one| one.id == id);
        let evidence = &interaction.evidence;
        if let Some(made) = self.fresh(evidence.signed_in).and_then(|(id, _)| place(id)) {
            return Due::Finish(made);
        }
        if evidence.wants_other || sessions.is_empty() {
            return Due::SignIn(None);
        }
        let only = sessions.len() == 1 && interaction.ask.prompt != Some("select_account");
        let chosen = self.fresh(evidence.chosen).and_then(|(id, _)| place(id));
        match chosen.or_else(|| only.then_some(0)) {
            None => Due::Choose,
            Some(place) if is_stale(interaction, &sessions[place]) => Due::SignIn(Some(place)),
            Some(place) => Due::Finish(place),
        }
    }

    fn is_enough(&self, by: usize, place: usize, interaction: &Interaction) -> bool {
        level(&self.browsers[by][place]) >= demanded(&interaction.ask)
    }

    fn must_allow(&self, by: usize, place: usize, interaction: &Interaction) -> bool {
        let who = self.browsers[by][place].who;
        let here = self.fresh(interaction.evidence.allowed).is_some_and(|(by, _)| by == who);
        let before = self.account(who).has_allowed && interaction.ask.prompt != Some("consent");
        !interaction.ask.is_first_party && !here && !before
    }

    fn grant(&mut self, by: usize, place: usize) -> Grant {
        let mut session = self.browsers[by].remove(place);
        touch(&mut session, self.now);
        self.browsers[by].insert(0, session);
        Grant {
            who: session.who,
            auth_time: session.auth_time,
            worth: session.worth,
            session: session.id,
        }
    }

    /// The interaction of a tab, for the browser that began it.
    fn open(&self, by: usize, tab: usize) -> Option<Interaction> {
        self.tabs[tab].filter(|one| one.owner == by && self.now < one.begun + INTERACTION_FOR)
    }

    fn replayed(&self, interaction: &Interaction) -> Option<Grant> {
        let (grant, at) = interaction.finished?;
        (self.now < at + REPLAY_FOR).then_some(grant)
    }

    fn fresh<T: Copy>(&self, made: Option<(T, u64)>) -> Option<(T, u64)> {
        made.filter(|(_, at)| self.now < at + EVIDENCE_FOR)
    }

    fn evidence(&mut self, tab: usize, change: impl FnOnce(&mut Evidence)) {
        change(&mut self.tabs[tab].as_mut().expect("an interaction").evidence);
    }

    fn account(&self, who: Who) -> &Account {
        &self.accounts[who as usize]
    }

    fn account_mut(&mut self, who: Who) -> &mut Account {
        &mut self.accounts[who as usize]
    }
}
