//! Mails over SMTP (RFC 5321). The operator names the server, so it may stand anywhere.

use std::str::FromStr;
use std::time::{Duration, UNIX_EPOCH};

use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::extension::ClientId;
use lettre::{Address, AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};
use percent_encoding::percent_decode_str;
use url::{Host, Url};

use crate::base::{OutboxId, Secret, Timestamp};
use crate::pages::WrittenMail;
use crate::protocol::redirect_uri::is_loopback;

/// Each step of the talk with the server.
const STEP_WITHIN: Duration = Duration::from_secs(20);
/// The whole talk, below the lease of the delivery.
const ALL_WITHIN: Duration = Duration::from_secs(45);

/// The server that takes our mails, as `mail.url` names it.
#[derive(Debug, Clone)]
pub struct MailServer {
    host: String,
    port: u16,
    security: Security,
    credentials: Option<(String, Secret<String>)>,
}

/// How the way to the server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Security {
    /// TLS from the first byte.
    Tls,
    /// TLS after `STARTTLS` (RFC 3207), and nothing without it.
    StartTls,
    /// None, to this machine.
    Plain,
}

/// A name and an address that mails come from or are answered to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender(Mailbox);

/// How mails leave.
#[derive(Debug, Clone)]
pub struct MailSettings {
    /// Who takes them.
    pub server: MailServer,
    /// Who they come from.
    pub from: Sender,
    /// Where answers go, when not to `from`.
    pub reply_to: Option<Sender>,
    /// The issuer's host: our name in the talk, and in each `Message-ID`.
    pub host: String,
}

/// Whether a mail can be addressed to `text`.
pub fn is_mail_address(text: &str) -> bool {
    text.parse::<Address>().is_ok()
}

/// Sends mails.
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    settings: MailSettings,
}

/// Why a mail did not leave. This is for the operator.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MailProblem {
    /// It will never leave: the server says so of this mail, or the address is none.
    #[error("{0}")]
    Final(String),
    /// It may leave later.
    #[error("{0}")]
    ForNow(String),
}

impl FromStr for MailServer {
    type Err = String;

    /// `smtps://USER:PASSWORD@HOST:465`, or `smtp://…:587` with STARTTLS; plain to this machine.
    /// The text may hold a password, so no error repeats it.
    fn from_str(text: &str) -> Result<Self, String> {
        let shape = || "must be smtps://USER:PASSWORD@HOST:465 or smtp://USER:PASSWORD@HOST:587";
        let url = Url::parse(text).map_err(|_| shape())?;
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or_else(shape)?;
        if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
            return Err(shape().to_owned());
        }
        let parsed = Host::parse(host).map_err(|_| shape())?;
        let is_here = match &parsed {
            Host::Domain(name) => is_loopback(&Host::Domain(name.as_str())),
            Host::Ipv4(address) => address.is_loopback(),
            Host::Ipv6(address) => address.is_loopback(),
        };
        let (security, port) = match url.scheme() {
            "smtps" => (Security::Tls, 465),
            "smtp" if is_here => (Security::Plain, 25),
            "smtp" => (Security::StartTls, 587),
            _ => return Err(shape().to_owned()),
        };
        Ok(Self {
            // An IPv6 address stands between brackets in a URL only.
            host: host.trim_start_matches('[').trim_end_matches(']').to_owned(),
            port: url.port().unwrap_or(port),
            security,
            credentials: credentials(&url),
        })
    }
}

/// The user name and the password of the address.
fn credentials(url: &Url) -> Option<(String, Secret<String>)> {
    let plain = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let password = url.password().unwrap_or_default();
    (!url.username().is_empty()).then(|| (plain(url.username()), Secret::new(plain(password))))
}

impl MailServer {
    /// The same server, with no TLS asked for after a plain beginning: for development, where it is
    /// a program that shows mails and sends none.
    #[must_use]
    pub fn for_development(mut self) -> Self {
        if self.security == Security::StartTls {
            self.security = Security::Plain;
        }
        self
    }
}

impl FromStr for Sender {
    type Err = String;

    /// `id@example.com`, or `Example <id@example.com>`.
    fn from_str(text: &str) -> Result<Self, String> {
        let shape = "must be an address, as id@example.com or Example <id@example.com>";
        text.parse().map(Self).map_err(|_| shape.to_owned())
    }
}

impl Mailer {
    /// A sender with these settings. It calls nobody yet.
    ///
    /// # Errors
    /// When the server's name cannot stand in a certificate.
    pub fn new(settings: MailSettings) -> Result<Self, MailProblem> {
        type Smtp = AsyncSmtpTransport<Tokio1Executor>;
        let server = &settings.server;
        let builder = match server.security {
            Security::Tls => Smtp::relay(&server.host),
            Security::StartTls => Smtp::starttls_relay(&server.host),
            Security::Plain => Ok(Smtp::builder_dangerous(&server.host)),
        };
        let mut builder = builder
            .map_err(|error| MailProblem::Final(error.to_string()))?
            .port(server.port)
            .timeout(Some(STEP_WITHIN))
            .hello_name(ClientId::Domain(settings.host.clone()));
        if let Some((user, password)) = &server.credentials {
            let credentials = Credentials::new(user.clone(), password.expose().clone());
            builder = builder.credentials(credentials);
        }
        Ok(Self { transport: builder.build(), settings })
    }

    /// Whether the server lets us in. It sends nothing.
    ///
    /// # Errors
    /// Why it does not.
    pub async fn greet(&self) -> Result<(), MailProblem> {
        match tokio::time::timeout(STEP_WITHIN, self.transport.test_connection()).await {
            Ok(Ok(true)) => Ok(()),
            Ok(Ok(false)) | Err(_) => {
                Err(MailProblem::ForNow("the mail server took too long".to_owned()))
            }
            Ok(Err(error)) => Err(problem(&error)),
        }
    }

    /// Sends one mail, which the server has taken when this returns.
    ///
    /// # Errors
    /// When the server did not take it.
    pub async fn send(
        &self,
        id: OutboxId,
        mail: &WrittenMail,
        now: Timestamp,
    ) -> Result<(), MailProblem> {
        let message = self.message(id, mail, now)?;
        match tokio::time::timeout(ALL_WITHIN, self.transport.send(message)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(problem(&error)),
            Err(_) => Err(MailProblem::ForNow("the mail server took too long".to_owned())),
        }
    }

    /// The mail with its headers. Names and subjects are encoded (RFC 2047), and what could begin
    /// another header is left out before.
    fn message(
        &self,
        id: OutboxId,
        mail: &WrittenMail,
        now: Timestamp,
    ) -> Result<lettre::Message, MailProblem> {
        let no_address = || MailProblem::Final("the address is none that mails go to".to_owned());
        let address: Address = mail.to.parse().map_err(|_| no_address())?;
        let name = Some(one_line(&mail.name)).filter(|name| !name.is_empty());
        let host = &self.settings.host;
        let sent_at = UNIX_EPOCH + Duration::from_secs(now.as_seconds().max(0).unsigned_abs());
        let mut builder = lettre::Message::builder()
            .from(self.settings.from.0.clone())
            .to(Mailbox::new(name, address))
            .subject(one_line(&mail.subject))
            .date(sent_at)
            .message_id(Some(format!("<{id}@{host}>")))
            // RFC 3834 §5: no machine answers it.
            .raw_header(HeaderValue::new(
                HeaderName::new_from_ascii_str("Auto-Submitted"),
                "auto-generated".to_owned(),
            ));
        if let Some(reply_to) = &self.settings.reply_to {
            builder = builder.reply_to(reply_to.0.clone());
        }
        let parts = MultiPart::alternative_plain_html(mail.text.clone(), mail.html.clone());
        builder.multipart(parts).map_err(|error| MailProblem::Final(error.to_string()))
    }
}

/// `text` with its line ends and other control characters gone.
fn one_line(text: &str) -> String {
    let words = text.split(|sign: char| sign.is_control() || sign.is_whitespace());
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// What the server said, in a line: its answer may repeat the address, so that only the code is
/// kept.
fn problem(error: &lettre::transport::smtp::Error) -> MailProblem {
    let Some(code) = error.status().map(u16::from) else {
        let text = if error.is_timeout() {
            "the mail server took too long"
        } else if error.is_tls() {
            "no protected connection to the mail server"
        } else {
            "the mail server cannot be reached"
        };
        return MailProblem::ForNow(text.to_owned());
    };
    let text = format!("the mail server answered {code}");
    // RFC 4954 §6: these are about our password, which the operator may still put right.
    let is_about_us = matches!(code, 530 | 534 | 535 | 538);
    if error.is_permanent() && !is_about_us {
        MailProblem::Final(text)
    } else {
        MailProblem::ForNow(text)
    }
}
