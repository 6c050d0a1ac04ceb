use super::words::Words;
use super::{Locale, assets};

/// What every page shows around its own part.
#[derive(Debug, Clone)]
pub struct Shell {
    /// The language of every word on the page.
    pub locale: Locale,
    /// The name of the service, beside the mark and in the title.
    pub brand: String,
    /// Whether this is for development: every page says so.
    pub is_dev: bool,
    /// Whether the browser reached us without https: every page says so.
    pub is_insecure: bool,
    /// The id that joins this page, a header of the answer and a line of the log.
    pub reference: String,
    /// Whether the address of this page may be opened again in another language.
    pub language_links: bool,
}

impl Shell {
    /// The catalogue of this page's language.
    pub(super) fn words(&self) -> Words {
        Words::text(self.locale)
    }

    /// The same for the title of the page.
    pub(super) fn plain_words(&self) -> Words {
        Words::plain(self.locale)
    }

    /// The address of a file of ours.
    pub(super) fn asset(&self, name: &str) -> String {
        assets::url(name)
    }

    /// The languages that the footer offers.
    pub(super) fn locales(&self) -> [Locale; 8] {
        Locale::ALL
    }

    /// An address that a client registered, when it may stand behind a link of ours.
    pub(super) fn safe_link<'a>(&self, uri: &'a Option<String>) -> Option<&'a str> {
        uri.as_deref().filter(|uri| self.may_link_to(uri))
    }

    /// Whether an address that a client registered may stand behind a link of ours: https, and in
    /// development http.
    pub(super) fn may_link_to(&self, uri: &str) -> bool {
        uri.starts_with("https://") || (self.is_dev && uri.starts_with("http://"))
    }
}

/// The app that asks.
#[derive(Debug, Clone)]
pub struct AppView {
    /// Its name, as it says itself.
    pub name: String,
    /// Where the answer really goes.
    pub host: String,
    /// The address of its logo at our own origin.
    pub logo: Option<String>,
    /// Whether nobody vouches for its name and logo.
    pub is_unverified: bool,
    /// Its privacy policy. It is linked only if it begins with `https://`, in development also `http://`.
    pub policy_uri: Option<String>,
    /// Its terms, linked under the same condition.
    pub tos_uri: Option<String>,
}

/// An account, as its owner recognizes it.
#[derive(Debug, Clone)]
pub struct AccountView {
    /// The full name; may be empty.
    pub name: String,
    /// The name to sign in with.
    pub username: String,
    /// The e-mail address, when there is one.
    pub email: Option<String>,
}

impl AccountView {
    /// The name, or what stands in for it.
    pub(super) fn title(&self) -> &str {
        if self.name.trim().is_empty() { &self.username } else { &self.name }
    }

    /// One or two letters in place of a picture.
    pub(super) fn initials(&self) -> String {
        let letters = |word: &str| word.chars().find(|sign| sign.is_alphanumeric());
        let mut words = self.title().split_whitespace().filter_map(letters);
        let (first, last) = (words.next(), words.next_back());
        first.into_iter().chain(last).flat_map(char::to_uppercase).collect()
    }

    /// What stands under the name.
    pub(super) fn detail(&self) -> &str {
        self.email.as_deref().unwrap_or(&self.username)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_come_from_the_first_and_the_last_word() {
        let of = |name: &str| {
            let username = "grace".to_owned();
            AccountView { name: name.to_owned(), username, email: None }.initials()
        };
        assert_eq!(of("Ada Lovelace"), "AL");
        assert_eq!(of("Ada \"Countess\" King <b>"), "AB");
        assert_eq!(of("émile"), "É");
        assert_eq!(of("  "), "G");
        assert_eq!(of("<> &"), "");
    }
}
