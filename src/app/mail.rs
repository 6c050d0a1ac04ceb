//! Mails: written and sealed here, put into the outbox by the transaction that makes them true, and
//! sent from there.
//!
//! Whoever wants to write one asks [`Issuer::letter`] first, which may give none: without a mail
//! server, or when the account or the address got too many of late (`security.md` R73). What the
//! person sees must be the same either way.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::app::outbox::Missed;
use crate::app::{Caller, Fault, Issuer, IssuerSettings};
use crate::base::{Digest, Entropy, OutboxId, Timestamp, UserId};
use crate::credentials::Sealer;
use crate::domain::{Letter, Message, User};
use crate::notify::MailProblem;
use crate::pages::{Locale, Mail, MailFrame, SentMail, WrittenMail};
use crate::store::{Db, StoreError, outbox, users};

/// Mails to one address, and about one account, within [`WINDOW`].
const MAX_OF_ONE: u64 = 20;
const WINDOW: Duration = Duration::from_secs(60 * 60);
/// How many mails the development page shows.
const SHOWN: usize = 50;

/// Puts a mail into the outbox, if there is one.
///
/// # Errors
/// When the store fails.
pub(super) fn put(db: &mut Db, letter: Option<&Letter>, now: Timestamp) -> Result<(), StoreError> {
    letter.map_or(Ok(()), |letter| outbox::put_mail(db, letter, now))
}

/// Writes mails and puts each in its sealed envelope.
#[derive(Clone)]
pub struct PostOffice {
    brand: String,
    issuer: String,
    sealer: Arc<Sealer>,
    entropy: Arc<dyn Entropy>,
}

/// Who gets a mail, and where what it tells of was done.
#[derive(Debug, Clone, Default)]
pub struct Recipient {
    /// Whose account it is about; none for somebody who has none yet.
    pub user: Option<UserId>,
    /// What the person is called; may be empty.
    pub name: String,
    /// The address.
    pub address: String,
    /// The language; of the catalogues we have, the one next to it.
    pub locale: Option<Locale>,
    /// The browser and system it was done with, when known.
    pub device: Option<String>,
    /// The network it came from, when known.
    pub network: Option<String>,
}

impl Recipient {
    /// The owner of an account at its address; none when there is no address.
    pub fn of(user: &User) -> Option<Self> {
        Some(Self {
            user: Some(user.id),
            name: user.display_name().to_owned(),
            address: user.email.clone()?,
            locale: user
                .claims
                .locale
                .as_deref()
                .map(|tag| crate::pages::negotiate(Some(tag), None, None)),
            ..Self::default()
        })
    }
}

impl PostOffice {
    /// A post office of this issuer.
    pub fn new(settings: &IssuerSettings, sealer: Arc<Sealer>, entropy: Arc<dyn Entropy>) -> Self {
        let (brand, issuer) = (settings.brand.clone(), settings.public_url.clone());
        Self { brand, issuer, sealer, entropy }
    }

    /// Writes a mail and seals it, to be put into the outbox with [`crate::store::outbox::put_mail`].
    ///
    /// # Errors
    /// When the mail cannot be rendered.
    pub fn letter(&self, to: &Recipient, mail: &Mail, now: Timestamp) -> Result<Letter, Fault> {
        let frame = MailFrame {
            locale: to.locale.unwrap_or(Locale::En),
            brand: self.brand.clone(),
            issuer: self.issuer.clone(),
            name: to.name.clone(),
            to: to.address.clone(),
            at: now,
            device: to.device.clone(),
            network: to.network.clone(),
        };
        let written = mail.write(&frame)?;
        let unwritten = |_| Fault::Broken("a mail cannot be written as JSON");
        let plain = serde_json::to_vec(&written).map_err(unwritten)?;
        let id = OutboxId::new(now, self.entropy.as_ref());
        Ok(Letter {
            id,
            kind: format!("{}{}", Message::MAIL, mail.kind()),
            user: to.user,
            recipient: masked(&to.address),
            sealed: self.sealer.seal(&context(id), &plain, self.entropy.as_ref()),
        })
    }

    /// A mail to the owner of an account; none when it has no address.
    ///
    /// # Errors
    /// When the mail cannot be rendered.
    pub fn letter_to(
        &self,
        user: &User,
        mail: &Mail,
        now: Timestamp,
    ) -> Result<Option<Letter>, Fault> {
        Recipient::of(user).map(|to| self.letter(&to, mail, now)).transpose()
    }
}

/// Where the sealed mail stands: it opens nowhere else.
fn context(id: OutboxId) -> String {
    format!("outbox/sealed/{id}")
}

/// An address with its first letter and its domain, for the operator to recognize.
pub(super) fn masked(address: &str) -> String {
    let (local, domain) = address.rsplit_once('@').unwrap_or((address, ""));
    let first: String = local.chars().take(1).collect();
    format!("{first}…@{domain}")
}

impl Issuer {
    /// A mail, sealed and counted, for [`crate::store::outbox::put_mail`]; none when mails cannot
    /// be sent or this would be one too many. Call [`Issuer::wake_outbox`] when it is put in.
    ///
    /// # Errors
    /// When the mail cannot be rendered.
    pub async fn letter(&self, to: &Recipient, mail: &Mail) -> Result<Option<Letter>, Fault> {
        let Some(post) = &self.post else { return Ok(None) };
        if !self.may_mail(to).await {
            return Ok(None);
        }
        post.letter(to, mail, self.now()).map(Some)
    }

    /// A mail that tells the owner of an account of a change, for the transaction that makes the
    /// change (`security.md` R71); none without a mail server or an address.
    ///
    /// # Errors
    /// When the store fails, or the mail cannot be rendered.
    pub(super) async fn notice(
        &self,
        user: UserId,
        mail: &Mail,
        caller: Caller,
    ) -> Result<Option<Letter>, Fault> {
        if self.post.is_none() {
            return Ok(None);
        }
        let found = self.store.read(move |db| users::find_user(db, user)).await?;
        let Some(to) = found.as_ref().and_then(Recipient::of) else { return Ok(None) };
        let (device, network) = (caller.device(), Some(caller.network.to_string()));
        self.letter(&Recipient { device, network, ..to }, mail).await
    }

    /// Counts a mail to this address and about this account (`security.md` R73).
    async fn may_mail(&self, to: &Recipient) -> bool {
        // The normal form, so that another spelling of the address is no other address.
        let address = Digest::of(to.address.trim().to_lowercase().as_bytes());
        let address = format!("mails:address:{}", address.to_text());
        let mut is_fine = self.throttle.count(&address, WINDOW).await <= MAX_OF_ONE;
        if let Some(user) = to.user {
            let account = format!("mails:account:{user}");
            is_fine &= self.throttle.count(&account, WINDOW).await <= MAX_OF_ONE;
        }
        if !is_fine {
            tracing::warn!("a mail was left out: too many of late");
        }
        is_fine
    }

    /// The mails of late, the last one first, in development mode.
    pub fn sent_mails(&self) -> Vec<SentMail> {
        self.sent.list()
    }
}

/// Sends a mail. The inner result is what the mail server said.
pub(crate) async fn deliver(
    issuer: &Issuer,
    letter: &Letter,
    created_at: Timestamp,
) -> Result<Result<(), Missed>, Fault> {
    let never = |problem: &str| Missed { problem: problem.to_owned(), is_final: true };
    let Ok(plain) = issuer.sealer.open(&context(letter.id), &letter.sealed) else {
        return Ok(Err(never("the mail does not open with this seal key")));
    };
    let Ok(mail) = serde_json::from_slice::<WrittenMail>(plain.expose()) else {
        return Ok(Err(never("the mail cannot be read")));
    };
    let said = match &issuer.mailer {
        Some(mailer) => mailer.send(letter.id, &mail, created_at).await,
        None if issuer.settings.is_dev => Ok(()),
        None => Err(MailProblem::ForNow("mail.url is not set".to_owned())),
    };
    if issuer.settings.is_dev && said.is_ok() {
        issuer.sent.add(mail, issuer.now());
    }
    Ok(said.map_err(|problem| Missed {
        is_final: matches!(problem, MailProblem::Final(_)),
        problem: problem.to_string(),
    }))
}

/// The mails that this process sent, in development mode. A stop forgets them.
#[derive(Default)]
pub(crate) struct SentMails(Mutex<(u64, VecDeque<SentMail>)>);

impl SentMails {
    fn add(&self, mail: WrittenMail, now: Timestamp) {
        let mut sent = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        sent.0 += 1;
        let number = sent.0;
        sent.1.push_front(SentMail { number, when: now.minute_in_utc(), mail });
        sent.1.truncate(SHOWN);
    }

    fn list(&self) -> Vec<SentMail> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).1.iter().cloned().collect()
    }
}
