use std::net::IpAddr;
use std::path::PathBuf;

/// Why a call to the outside failed. This is for the operator's log. Whoever named the address
/// hears [`FetchProblem::OUTSIDE`] and nothing more, or our answers would map the network that we
/// stand in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FetchProblem {
    /// No absolute URL with a host, or a very long one.
    #[error("not an absolute URL with a host, or too long")]
    NotAUrl,
    /// Neither https nor, in development and to an allow-listed host, http.
    #[error("only https is allowed (with `dev` also http to a host of `outbound.allow_hosts`)")]
    Scheme,
    /// A user name or password in the URL.
    #[error("the URL holds a user name or a password")]
    UserInfo,
    /// The name has no address, or nobody could say.
    #[error("the name could not be resolved: {0}")]
    Unresolved(String),
    /// One of the addresses is not of the public network, and nobody allowed it.
    #[error("{0} is not public and neither it nor the host is in `outbound.allow_hosts`")]
    Forbidden(IpAddr),
    /// No connection, no TLS, or an answer that is not HTTP.
    #[error("no answer: {0}")]
    Unreachable(String),
    /// It took longer than the whole call may take.
    #[error("it took too long")]
    TimedOut,
    /// The answer's status is not 200; redirects are not followed.
    #[error("the answer's status is {0}")]
    Status(u16),
    /// More bytes than a document of this kind may have.
    #[error("the document is too large")]
    TooLarge,
    /// The body is compressed, which we did not ask for and do not undo.
    #[error("the document is compressed")]
    Encoded,
    /// This host was asked too often of late.
    #[error("this host was asked too often of late")]
    TooOften,
}

impl FetchProblem {
    /// What the outside hears, whatever went wrong (`security.md` R97).
    pub const OUTSIDE: &'static str = "the document could not be fetched";
}

impl From<reqwest::Error> for FetchProblem {
    fn from(error: reqwest::Error) -> Self {
        // The innermost cause says most, and the URL's query belongs in no log.
        let error = error.without_url();
        let mut cause: &dyn std::error::Error = &error;
        while let Some(inner) = cause.source() {
            cause = inner;
        }
        Self::Unreachable(cause.to_string())
    }
}

/// The file of `outbound.extra_ca` cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("outbound.extra_ca {}: {problem}", path.display())]
pub struct BadCa {
    /// The file.
    pub(super) path: PathBuf,
    /// What is wrong with it.
    pub(super) problem: String,
}
