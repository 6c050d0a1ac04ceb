use std::time::Duration;

use unicode_normalization::UnicodeNormalization as _;

use crate::base::{Subject, Timestamp, UserId};
use crate::protocol::StandardClaims;

/// How long an account stays whose person asked for its deletion.
pub const DELETION_DELAY: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// A person's account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Row id.
    pub id: UserId,
    /// What apps see as `sub`.
    pub subject: Subject,
    /// Name for signing in, unique: `[a-z0-9._-]`, or the address that the account was made with.
    pub username: String,
    /// E-mail address in its normal form; unique where there is one.
    pub email: Option<String>,
    /// Whether somebody proved that the address is theirs.
    pub is_email_verified: bool,
    /// argon2id in PHC form; none for an account without a password.
    pub password_hash: Option<String>,
    /// Further standard claims.
    pub claims: StandardClaims,
    /// Names of the groups it belongs to, sorted.
    pub groups: Vec<String>,
    /// May open the console.
    pub is_admin: bool,
    /// Since when it may not sign in.
    pub disabled_at: Option<Timestamp>,
    /// When it goes, because its person asked for that. Until then they may keep it.
    pub delete_after: Option<Timestamp>,
    /// Whether nothing opens before its person has chosen a new password.
    pub must_change_password: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When its claims last changed (`updated_at`, OpenID Connect Core §5.1).
    pub updated_at: Timestamp,
}

impl User {
    /// Whether it may sign in.
    pub fn is_enabled(&self) -> bool {
        self.disabled_at.is_none()
    }

    /// Whether its person must choose a new password. Who has none has none to change.
    pub fn owes_new_password(&self) -> bool {
        self.must_change_password && self.password_hash.is_some()
    }

    /// The name that pages show.
    pub fn display_name(&self) -> &str {
        self.claims.name.as_deref().unwrap_or(&self.username)
    }
}

/// What a person types to say who they are, in the one normal form that lookups and throttling
/// share (`security.md` R62).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Identifier(String);

/// The text cannot name an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidIdentifier {
    /// Nothing, or more than 254 characters.
    #[error("must have between 1 and 254 characters")]
    Length,
    /// Control characters, white space or characters that change the direction of writing.
    #[error("holds a character that is not allowed")]
    Character,
    /// Not one `@` with something on both sides.
    #[error("is not an e-mail address")]
    Email,
    /// Not of `[a-z0-9._-]`.
    #[error("may hold letters a to z, digits, dots, dashes and underscores only")]
    Name,
}

impl Identifier {
    /// Trims, normalises (NFKC) and lowers the case of what was typed.
    ///
    /// # Errors
    /// When the result cannot name any account.
    pub fn parse(text: &str) -> Result<Self, InvalidIdentifier> {
        let normal: String = text.trim().nfkc().flat_map(char::to_lowercase).collect();
        let length = normal.chars().count();
        if length == 0 || length > 254 {
            return Err(InvalidIdentifier::Length);
        }
        if normal.chars().any(|c| c.is_control() || c.is_whitespace() || is_bidi(c)) {
            return Err(InvalidIdentifier::Character);
        }
        if normal.matches('@').count() > 1 {
            return Err(InvalidIdentifier::Email);
        }
        Ok(Self(normal))
    }

    /// An e-mail address in normal form.
    ///
    /// # Errors
    /// When it has not one `@` with something on both sides.
    pub fn parse_email(text: &str) -> Result<Self, InvalidIdentifier> {
        let normal = Self::parse(text)?;
        match normal.0.split_once('@') {
            Some((local, domain)) if !local.is_empty() && !domain.is_empty() => Ok(normal),
            _ => Err(InvalidIdentifier::Email),
        }
    }

    /// A username or a group name in normal form.
    ///
    /// # Errors
    /// When a character is outside `[a-z0-9._-]`.
    pub fn parse_name(text: &str) -> Result<Self, InvalidIdentifier> {
        let normal = Self::parse(text)?;
        let is_allowed =
            |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-".contains(&b);
        if normal.0.bytes().all(is_allowed) { Ok(normal) } else { Err(InvalidIdentifier::Name) }
    }

    /// Whether it has the form of an e-mail address.
    pub fn is_email(&self) -> bool {
        self.0.contains('@')
    }

    /// The normal form.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_bidi(c: char) -> bool {
    matches!(c, '\u{061C}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}
