use std::time::Duration;

use askama::Template;

use super::words::Words;
use super::{Shell, page, wait_in_words};

/// In what an address differs from the nearest registered one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Difference {
    /// A slash at the end.
    TrailingSlash,
    /// The scheme.
    Scheme,
    /// The port.
    Port,
    /// Upper and lower case.
    HostCase,
    /// The host.
    Host,
    /// The path.
    Path,
    /// The query.
    Query,
    /// `localhost` on one side, a loopback address on the other.
    LocalhostVsLoopback,
    /// It carries a fragment.
    Fragment,
    /// More than one part.
    Other,
}

impl Difference {
    const fn key(self) -> &'static str {
        match self {
            Self::TrailingSlash => "difference-trailing-slash",
            Self::Scheme => "difference-scheme",
            Self::Port => "difference-port",
            Self::HostCase => "difference-host-case",
            Self::Host => "difference-host",
            Self::Path => "difference-path",
            Self::Query => "difference-query",
            Self::LocalhostVsLoopback => "difference-localhost",
            Self::Fragment => "difference-fragment",
            Self::Other => "difference-other",
        }
    }
}

/// Which rule a request broke.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RequestRule {
    /// No client has this `client_id`.
    UnknownClient,
    /// The client is disabled.
    DisabledClient,
    /// The pushed request is unknown, over or used.
    PushedRequestGone,
    /// No `client_id`.
    MissingClient,
    /// A parameter stood twice.
    RepeatedParameter {
        /// Its name.
        name: String,
    },
    /// No `redirect_uri`.
    MissingRedirect,
    /// The address is not registered.
    RedirectMismatch(Difference),
}

/// The page for the person and the developer when nothing may go to the app.
#[derive(Template)]
#[template(path = "error/request.html")]
pub struct RequestProblemPage {
    /// What every page shows around its own part.
    pub shell: Shell,
    /// The app, when it is known.
    pub app_name: Option<String>,
    /// The error code (RFC 6749 §4.1.2.1).
    pub code: String,
    /// The rule that the request broke.
    pub rule: RequestRule,
    /// What was received in its place; 300 characters of it are shown.
    pub received: Option<String>,
    /// When it was received: RFC 3339 in UTC. Empty leaves the line out.
    pub at_utc: String,
}

impl RequestProblemPage {
    fn heading(&self, w: &Words) -> String {
        match &self.app_name {
            Some(app) => w.with("request-heading", "app", app),
            None => w.t("request-heading-unknown"),
        }
    }

    fn text(&self, w: &Words) -> String {
        w.t(match self.rule {
            RequestRule::DisabledClient => "request-text-disabled",
            RequestRule::PushedRequestGone => "request-text-gone",
            _ => "request-text",
        })
    }

    fn developer(&self, w: &Words) -> String {
        match &self.app_name {
            Some(app) => w.with("request-developer", "app", app),
            None => w.t("request-developer-unknown"),
        }
    }

    fn rule_text(&self, w: &Words) -> String {
        match &self.rule {
            RequestRule::UnknownClient => w.t("rule-unknown-client"),
            RequestRule::DisabledClient => w.t("rule-disabled-client"),
            RequestRule::PushedRequestGone => w.t("rule-pushed-request-gone"),
            RequestRule::MissingClient => w.t("rule-missing-client"),
            RequestRule::RepeatedParameter { name } => w.with("rule-repeated", "name", name),
            RequestRule::MissingRedirect => w.t("rule-missing-redirect"),
            RequestRule::RedirectMismatch(difference) => w.t(difference.key()),
        }
    }

    fn fix_text(&self, w: &Words) -> String {
        w.t(match &self.rule {
            RequestRule::UnknownClient => "fix-unknown-client",
            RequestRule::DisabledClient => "fix-disabled-client",
            RequestRule::PushedRequestGone => "fix-pushed-request-gone",
            RequestRule::MissingClient => "fix-missing-client",
            RequestRule::RepeatedParameter { .. } => "fix-repeated",
            RequestRule::MissingRedirect => "fix-missing-redirect",
            RequestRule::RedirectMismatch(_) => "fix-redirect",
        })
    }

    /// What was received, cut to what a page can show.
    fn received_text(&self) -> Option<String> {
        let received = self.received.as_deref()?;
        let cut: String = received.chars().take(300).collect();
        Some(if cut.len() < received.len() { format!("{cut}…") } else { cut })
    }
}

/// What went wrong for the person at the browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ErrorKind {
    /// Nothing at this address.
    NotFound,
    /// The address serves other methods.
    MethodNotAllowed,
    /// The form did not come from our page.
    Forbidden,
    /// The sign-in took too long.
    Expired {
        /// The app's name and an address to begin at, when known. Only a safe one is linked.
        back: Option<(String, String)>,
    },
    /// The browser sent no cookie.
    CookieBlocked {
        /// Where to try again.
        retry: String,
    },
    /// An app goes round in circles.
    Loop {
        /// The app.
        app_name: String,
    },
    /// The request is too large.
    TooLarge,
    /// The request cannot be read.
    BadRequest,
    /// A failure on our side.
    Fault,
    /// Too much to do.
    Busy {
        /// When to try again.
        retry_after: Duration,
    },
    /// Too many requests.
    TooMany {
        /// When to try again.
        retry_after: Duration,
    },
    /// Out of service for a while.
    Maintenance,
}

/// A page that tells a person what went wrong and how to go on.
#[derive(Template)]
#[template(path = "error/error.html")]
pub struct ErrorPage {
    /// What every page shows around its own part.
    pub shell: Shell,
    /// What went wrong.
    pub kind: ErrorKind,
}

impl ErrorPage {
    fn key(&self) -> &'static str {
        match self.kind {
            ErrorKind::NotFound => "not-found",
            ErrorKind::MethodNotAllowed => "method",
            ErrorKind::Forbidden => "forged",
            ErrorKind::Expired { .. } => "expired",
            ErrorKind::CookieBlocked { .. } => "cookie",
            ErrorKind::Loop { .. } => "loop",
            ErrorKind::TooLarge => "too-large",
            ErrorKind::BadRequest => "bad-request",
            ErrorKind::Fault => "fault",
            ErrorKind::Busy { .. } => "busy",
            ErrorKind::TooMany { .. } => "too-many",
            ErrorKind::Maintenance => "maintenance",
        }
    }

    fn heading(&self, w: &Words) -> String {
        let key = format!("{}-heading", self.key());
        match &self.kind {
            ErrorKind::Loop { app_name } => w.with(&key, "app", app_name),
            _ => w.t(&key),
        }
    }

    fn text(&self, w: &Words) -> String {
        let key = format!("{}-text", self.key());
        match &self.kind {
            ErrorKind::Loop { app_name } => w.with(&key, "app", app_name),
            ErrorKind::Busy { retry_after } | ErrorKind::TooMany { retry_after } => {
                w.with(&key, "wait", &wait_in_words(*w, *retry_after))
            }
            _ => w.t(&key),
        }
    }

    /// The ways forward, the best first. There is always one.
    fn forward(&self, w: &Words) -> Vec<Way> {
        let home = Way { text: w.t("go-home"), href: "/".to_owned() };
        let again = |href: &str| Way { text: w.t("try-again"), href: href.to_owned() };
        match &self.kind {
            ErrorKind::Expired { back: Some((app, href)) } if self.shell.may_link_to(href) => {
                vec![Way { text: w.with("back-to", "app", app), href: href.clone() }, home]
            }
            ErrorKind::CookieBlocked { retry } => vec![again(retry), home],
            // An empty reference is the address of the page itself (RFC 3986 §4.4).
            ErrorKind::Fault
            | ErrorKind::Busy { .. }
            | ErrorKind::TooMany { .. }
            | ErrorKind::Maintenance => vec![again(""), home],
            _ => vec![home],
        }
    }
}

/// A link onward.
struct Way {
    text: String,
    href: String,
}

page!(RequestProblemPage, ErrorPage);
