//! Sessions: how long they count, and what a sign-in does to those a browser already has.

use std::time::Duration;

use crate::base::{Digest, Entropy, SessionId, Timestamp, UserId};
use crate::domain::{FirstFactor, Session, Way};
use crate::rules::authorize::{SignInReason, SignedIn};

/// One factor (`contract.md`).
pub const ACR_ONE_FACTOR: &str = "urn:tessera:acr:1";
/// Two factors.
pub const ACR_TWO_FACTORS: &str = "urn:tessera:acr:2";
/// Phishing-resistant: a passkey that verified its user (OpenID Connect EAP ACR Values 1.0).
pub const ACR_PHISHING_RESISTANT: &str = "phr";
/// What an app can ask for here, the least first, and the discovery document says so. More than
/// that may come: a passkey is worth more than two factors, and nobody has to have one.
pub const ACR_VALUES: [&str; 2] = [ACR_ONE_FACTOR, ACR_TWO_FACTORS];
/// The level at which a second factor is needed.
pub const TWO_FACTORS: u8 = 2;
const PHISHING_RESISTANT: u8 = 3;
/// What a passkey that verified its user shows (RFC 8176 §2).
const PASSKEY_AMR: [&str; 3] = ["pop", "user", "mfa"];
/// At most this many accounts in one browser.
pub const MAX_ACCOUNTS: usize = 10;
/// A session's last use is written at most this often.
pub const TOUCH_EVERY: Duration = Duration::from_secs(60);

/// How much an `acr` value is worth: its place in [`ACR_VALUES`], from 1, and above them a passkey.
pub fn acr_level(acr: &str) -> Option<u8> {
    if acr == ACR_PHISHING_RESISTANT {
        return Some(PHISHING_RESISTANT);
    }
    let place = ACR_VALUES.iter().position(|known| *known == acr)?;
    u8::try_from(place + 1).ok()
}

/// How much a session is worth: by what was shown in it, and by nothing else (`security.md` R79).
pub fn level_of(session: &Session) -> u8 {
    acr_level(&session.acr).unwrap_or(0)
}

/// How long sessions count (`contract.md`, "Lifetimes").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionLimits {
    /// Without use.
    pub idle: Duration,
    /// In any case.
    pub absolute: Duration,
    /// Both, when the person asked to stay signed in.
    pub remembered: Duration,
}

impl SessionLimits {
    /// The instants at which a session used and proven at `now` ends: idle and absolute.
    pub fn ends(&self, now: Timestamp, is_remembered: bool) -> (Timestamp, Timestamp) {
        if is_remembered {
            (now + self.remembered, now + self.remembered)
        } else {
            (now + self.idle, now + self.absolute)
        }
    }

    /// The new idle limit of a session that is used at `now`, when it is time to write it.
    pub fn touched(&self, session: &Session, now: Timestamp) -> Option<Timestamp> {
        let idle = if session.is_remembered { self.remembered } else { self.idle };
        (now >= session.last_seen_at + TOUCH_EVERY).then(|| now + idle)
    }
}

/// A page that changes how its person signs in asks for a proof not older than this (`security.md`
/// R71).
pub const RECENT_FOR: Duration = Duration::from_secs(5 * 60);

/// Whether a session proves that its person sits there now: they proved it within [`RECENT_FOR`],
/// with the second factor if they have one (`security.md` R71, R81).
pub fn is_recent(session: &Session, has_second_factor: bool, now: Timestamp) -> bool {
    let demanded = if has_second_factor { TWO_FACTORS } else { 0 };
    now <= session.authenticated_at + RECENT_FOR && acr_level(&session.acr).unwrap_or(0) >= demanded
}

/// A person's proof of who they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// Who.
    pub user: UserId,
    /// With what (`amr`, RFC 8176).
    pub amr: Vec<String>,
    /// What that is worth.
    pub acr: String,
    /// Whether they asked to stay signed in.
    pub is_remembered: bool,
    /// When they proved it with the first of these.
    pub at: Timestamp,
}

impl Proof {
    /// What `first` and a second factor are worth together (`amr` by RFC 8176 §2). A recovery code
    /// is a one-time password as well, and a passkey is worth no less for being shown second.
    fn and(first: Self, way: Way) -> Self {
        let (shown, acr): (&[&str], _) = match way {
            Way::Passkey => (&PASSKEY_AMR, ACR_PHISHING_RESISTANT),
            Way::Totp | Way::RecoveryCode => (&["otp", "mfa"], ACR_TWO_FACTORS),
        };
        let mut amr = first.amr;
        for name in shown {
            if !amr.iter().any(|known| known == name) {
                amr.push((*name).to_owned());
            }
        }
        Self { amr, acr: acr.to_owned(), ..first }
    }

    /// A proof by password, and by a second factor within the hour.
    pub fn by_password_and(first: &FirstFactor, way: Way) -> Self {
        Self::and(Self::by_password(first.user, first.is_remembered, first.at), way)
    }

    /// A second factor on top of what made a session. It is no newer proof of the first one.
    pub fn of_step_up(session: &Session, way: Way) -> Self {
        let first = Self {
            user: session.user,
            amr: session.amr.clone(),
            acr: session.acr.clone(),
            is_remembered: session.is_remembered,
            at: session.authenticated_at,
        };
        Self::and(first, way)
    }

    /// A proof by password.
    pub fn by_password(user: UserId, is_remembered: bool, at: Timestamp) -> Self {
        let acr = ACR_ONE_FACTOR.to_owned();
        Self { user, amr: vec!["pwd".to_owned()], acr, is_remembered, at }
    }

    /// A proof by a passkey that verified its user. It says no more than was shown: a key was held
    /// (`pop`), its person was there (`user`) and unlocked it (`mfa`). Whether hardware guards the
    /// key is not proven without attestation, so neither `hwk` nor `swk` is said (RFC 8176 §2).
    pub fn by_passkey(user: UserId, is_remembered: bool, at: Timestamp) -> Self {
        let amr = PASSKEY_AMR.map(str::to_owned).to_vec();
        Self { user, amr, acr: ACR_PHISHING_RESISTANT.to_owned(), is_remembered, at }
    }
}

/// What a sign-in does to the sessions of a browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignInEffect {
    /// The session that holds the proof: a new one, or an old one renewed.
    pub session: Session,
    /// Whether `session` is an old one.
    pub is_renewal: bool,
    /// Sessions that end: another person was asked to confirm, or there are too many.
    pub ended: Vec<SessionId>,
}

/// Applies `proof` to the `open` sessions of a browser.
///
/// The same person keeps their session under a new cookie value (`security.md` R82). Another
/// person adds one, or replaces the one that was asked to confirm (R14).
pub fn sign_in(
    open: &[SignedIn],
    reason: SignInReason,
    proof: Proof,
    limits: &SessionLimits,
    secret_digest: Digest,
    now: Timestamp,
    entropy: &dyn Entropy,
) -> SignInEffect {
    let own = open.iter().find(|signed_in| signed_in.user.id == proof.user);
    let (idle_expires_at, absolute_expires_at) = limits.ends(now, proof.is_remembered);
    let session = Session {
        id: own.map_or_else(|| SessionId::new(now, entropy), |own| own.session.id),
        user: proof.user,
        secret_digest,
        created_at: own.map_or(now, |own| own.session.created_at),
        // A sign-in that began in another tab before this one does not make it older: an app that
        // demanded a fresh one is about to be told this instant (`security.md` R14).
        authenticated_at: own.map_or(proof.at, |own| own.session.authenticated_at.max(proof.at)),
        amr: proof.amr,
        acr: proof.acr,
        is_remembered: proof.is_remembered,
        last_seen_at: now,
        idle_expires_at,
        absolute_expires_at,
        ended: None,
        seen_from: own.map(|own| own.session.seen_from.clone()).unwrap_or_default(),
    };
    let mut ended = Vec::new();
    if let SignInReason::Confirm(index) = reason {
        ended.extend(
            open.get(index)
                .map(|asked| &asked.session)
                .filter(|asked| asked.user != proof.user)
                .map(|asked| asked.id),
        );
    }
    let others =
        open.iter().filter(|one| one.session.id != session.id && !ended.contains(&one.session.id));
    let surplus: Vec<SessionId> = others.skip(MAX_ACCOUNTS - 1).map(|one| one.session.id).collect();
    ended.extend(surplus);
    SignInEffect { session, is_renewal: own.is_some(), ended }
}
