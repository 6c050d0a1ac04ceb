//! What a browser carries: a random cookie that binds interactions and forms to it, and one that
//! holds its sessions.

use std::time::Duration;

use crate::app::session_state::{BrowserStates, SIGNED_OUT};
use crate::app::trusted_devices::BrowserDevices;
use crate::app::{Fault, Issuer};
use crate::base::{
    Digest, Entropy, SessionId, Timestamp, constant_time_eq, from_base64url, hmac_sha256,
    to_base64url,
};
use crate::credentials::Purpose as KeyPurpose;
use crate::domain::SeenFrom;
use crate::rules::authorize::SignedIn;
use crate::rules::device;
use crate::rules::session::MAX_ACCOUNTS;
use crate::store::{Sitting, Store};

/// How long the browser cookie stays: longer than any interaction.
pub const BROWSER_COOKIE_FOR: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// The cookies as they arrived, and what else a browser tells of itself.
#[derive(Clone, Default)]
pub struct Cookies {
    /// The browser cookie.
    pub browser: Option<String>,
    /// The session cookie.
    pub sessions: Option<String>,
    /// `User-Agent`.
    pub user_agent: Option<String>,
    /// The network it comes from, in text.
    pub network: String,
    /// The cookie of a trusted device.
    pub devices: Option<String>,
}

/// The cookies that an answer sets.
#[derive(Clone, Default)]
pub struct CookieChanges {
    /// A new browser cookie.
    pub browser: Option<String>,
    /// A new session cookie: its value (empty to remove it), and how long it outlives the
    /// browser, if at all.
    pub sessions: Option<(String, Option<Duration>)>,
    /// What the frame of session management reads of the active session, and how long it stays:
    /// as long as the session cookie.
    pub state: Option<(String, Option<Duration>)>,
    /// A new cookie of a trusted device, and how long it stays.
    pub devices: Option<(String, Duration)>,
}

/// The random value of the browser cookie.
#[derive(Clone)]
pub struct BrowserKey(String);

/// A session as it stands in the cookie: its id and the secret that proves it.
#[derive(Clone)]
pub struct SessionCookie {
    id: SessionId,
    secret: [u8; 32],
}

impl BrowserKey {
    /// A new random value.
    pub fn new(entropy: &dyn Entropy) -> Self {
        Self(entropy.token())
    }

    /// The value of a cookie, when it has the form of one of ours.
    pub fn parse(text: &str) -> Option<Self> {
        (from_base64url(text).ok()?.len() == 32).then(|| Self(text.to_owned()))
    }

    /// The cookie's value.
    pub fn to_text(&self) -> String {
        self.0.clone()
    }

    /// What rows keep.
    pub fn digest(&self) -> Digest {
        Digest::of(self.0.as_bytes())
    }

    /// The token that every form of this browser carries (`security.md` R87).
    pub fn csrf_token(&self, issuer: &Issuer) -> String {
        let key = issuer.purpose_key(KeyPurpose::Csrf);
        to_base64url(&hmac_sha256(&key, &[self.0.as_bytes()]))
    }

    /// Whether `token` is that of this browser.
    pub fn accepts_csrf(&self, issuer: &Issuer, token: &str) -> bool {
        constant_time_eq(self.csrf_token(issuer).as_bytes(), token.as_bytes())
    }
}

impl SessionCookie {
    /// A cookie for `id` with a new secret.
    pub fn new(id: SessionId, secret: [u8; 32]) -> Self {
        Self { id, secret }
    }

    fn parse(text: &str) -> Option<Self> {
        let bytes = from_base64url(text).ok()?;
        let (id, secret) = bytes.split_at_checked(16)?;
        Some(Self { id: SessionId::from_bytes(id).ok()?, secret: secret.try_into().ok()? })
    }

    /// The live session that it proves, of an enabled person.
    async fn sitting(&self, store: &Store, now: Timestamp) -> Result<Option<Sitting>, Fault> {
        let found = store.sitting(self.id).await?;
        Ok(found.filter(|(session, user)| {
            session.secret_digest.matches(&self.secret) && session.is_live(now) && user.is_enabled()
        }))
    }

    fn to_text(&self) -> String {
        to_base64url(&[self.id.as_bytes().as_slice(), &self.secret].concat())
    }
}

/// A browser with its live sessions, the active one first.
pub struct Browser {
    /// The browser cookie, when it sent one.
    pub key: Option<BrowserKey>,
    /// Its live sessions, of enabled users.
    pub signed_in: Vec<SignedIn>,
    /// What it looks like, for the sessions that are made here.
    pub seen_from: SeenFrom,
    /// For whom it is a trusted device.
    pub(super) devices: BrowserDevices,
    cookies: Vec<SessionCookie>,
    states: BrowserStates,
}

impl Browser {
    /// Loads the sessions that the cookies prove.
    ///
    /// # Errors
    /// When the store does not answer: that is never taken for "signed out".
    pub async fn load(issuer: &Issuer, cookies: &Cookies, now: Timestamp) -> Result<Self, Fault> {
        let key = cookies.browser.as_deref().and_then(BrowserKey::parse);
        let text = cookies.sessions.as_deref().unwrap_or_default();
        let claimed: Vec<SessionCookie> =
            text.split('.').take(MAX_ACCOUNTS).filter_map(SessionCookie::parse).collect();
        let states = BrowserStates::of(issuer);
        let seen_from = SeenFrom {
            device: device::guess(cookies.user_agent.as_deref().unwrap_or_default()),
            network: cookies.network.clone(),
        };
        let devices = BrowserDevices::load(issuer, cookies.devices.as_deref(), now).await?;
        let (signed_in, kept) = (Vec::new(), Vec::new());
        let mut browser = Self { key, signed_in, seen_from, devices, cookies: kept, states };
        if claimed.is_empty() {
            return Ok(browser);
        }
        for cookie in claimed {
            let mut found = cookie.sitting(&issuer.store, now).await?;
            if found.is_none() {
                found = cookie.sitting(&issuer.store.fresh(), now).await?;
            }
            if let Some((session, user)) = found {
                browser.signed_in.push(SignedIn { session, user });
                browser.cookies.push(cookie);
            }
        }
        Ok(browser)
    }

    /// The languages that are wanted, most wanted first: what the app asks for (`ui_locales`), then
    /// the active person's own (`locale`).
    pub fn languages(&self, ui_locales: Option<&str>) -> Option<String> {
        let own = self.signed_in.first().and_then(|one| one.user.claims.locale.as_deref());
        let wanted: Vec<&str> = ui_locales.into_iter().chain(own).collect();
        (!wanted.is_empty()).then(|| wanted.join(" "))
    }

    /// The browser's key, and a change that sets one when it had none.
    pub fn key_or_new(&self, entropy: &dyn Entropy) -> (BrowserKey, CookieChanges) {
        match &self.key {
            Some(key) => (key.clone(), CookieChanges::default()),
            None => {
                let key = BrowserKey::new(entropy);
                let browser = Some(key.to_text());
                (key, CookieChanges { browser, ..CookieChanges::default() })
            }
        }
    }

    /// The session cookie with `active` first, without the `ended` ones.
    pub fn with_active(
        &self,
        active: SessionCookie,
        ended: &[SessionId],
        lifetime: Option<Duration>,
    ) -> CookieChanges {
        let others = self
            .cookies
            .iter()
            .filter(|cookie| cookie.id != active.id && !ended.contains(&cookie.id));
        let value: Vec<String> =
            std::iter::once(&active).chain(others).map(SessionCookie::to_text).collect();
        let remembered = self
            .signed_in
            .iter()
            .any(|one| one.session.is_remembered && !ended.contains(&one.session.id));
        let lifetime = lifetime.or(remembered.then_some(BROWSER_COOKIE_FOR));
        let sessions = Some((value.join("."), lifetime));
        let state = self.state_of(&active, lifetime);
        CookieChanges { sessions, state, ..CookieChanges::default() }
    }

    fn state_of(
        &self,
        active: &SessionCookie,
        lifetime: Option<Duration>,
    ) -> Option<(String, Option<Duration>)> {
        Some((self.states.of_session(active.id, &Digest::of(&active.secret)), lifetime))
    }

    /// Puts a session that was just made or renewed first, and drops those that `ended`.
    pub fn put_first(&mut self, made: SignedIn, cookie: SessionCookie, ended: &[SessionId]) {
        let goes = |id: SessionId| id == made.session.id || ended.contains(&id);
        self.signed_in.retain(|one| !goes(one.session.id));
        self.cookies.retain(|one| !goes(one.id));
        self.signed_in.insert(0, made);
        self.cookies.insert(0, cookie);
    }

    /// The session cookie with the session at `index` first, when it is not yet. What the frame of
    /// session management reads is set in any case, because an app is about to rely on it.
    pub fn with_first(&self, index: usize) -> CookieChanges {
        let Some(cookie) = self.cookies.get(index) else { return CookieChanges::default() };
        let changes = self.with_active(cookie.clone(), &[], None);
        if index > 0 { changes } else { CookieChanges { sessions: None, ..changes } }
    }

    /// The session cookie without the sessions that were `ended`.
    pub fn without(&self, ended: &[SessionId]) -> CookieChanges {
        let mut rest = self.cookies.iter().filter(|cookie| !ended.contains(&cookie.id));
        match rest.next() {
            Some(first) => self.with_active(first.clone(), ended, None),
            None => CookieChanges {
                sessions: Some((String::new(), None)),
                state: Some((SIGNED_OUT.to_owned(), Some(BROWSER_COOKIE_FOR))),
                ..CookieChanges::default()
            },
        }
    }
}

impl CookieChanges {
    /// These changes, with those of `later` where it has any.
    #[must_use]
    pub fn then(self, later: Self) -> Self {
        Self {
            browser: later.browser.or(self.browser),
            sessions: later.sessions.or(self.sessions),
            state: later.state.or(self.state),
            devices: later.devices.or(self.devices),
        }
    }
}
