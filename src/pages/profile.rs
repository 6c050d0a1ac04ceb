use askama::Template;

use super::words::Words;
use super::{AccountView, Locale, Shell, page};
use crate::protocol::EditableClaim;

/// What a person tells apps about themselves.
#[derive(Template)]
#[template(path = "account/profile.html")]
pub struct ProfilePage {
    /// What every page shows around its own part.
    pub shell: Shell,
    /// The token that proves the form ours.
    pub csrf: String,
    /// Whose profile it is.
    pub account: AccountView,
    /// The fields in the order of the page.
    pub fields: Vec<ProfileField>,
    /// Whether they were stored just now.
    pub is_done: bool,
}

/// One field of a profile.
#[derive(Debug, Clone)]
pub struct ProfileField {
    /// Which.
    pub claim: EditableClaim,
    /// What stands in it.
    pub value: String,
    /// What is wrong with it.
    pub error: Option<ProfileError>,
}

/// What is wrong with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProfileError {
    /// It has too many characters, or some that nobody sees.
    Text,
    /// It is no https address.
    Https,
    /// It is no http or https address.
    WebAddress,
    /// It is no date of birth.
    Birthdate,
    /// It is no language of the list.
    Language,
    /// It is no time zone.
    TimeZone,
    /// It is no telephone number.
    Phone,
}

impl ProfilePage {
    fn is_wrong(&self) -> bool {
        self.fields.iter().any(|field| field.error.is_some())
    }
}

impl ProfileField {
    /// What stands above the first field of a part.
    fn part(&self, words: &Words) -> Option<String> {
        match self.claim {
            EditableClaim::Picture => Some(words.t("profile-part-more")),
            EditableClaim::PhoneNumber => Some(words.t("profile-part-contact")),
            _ => None,
        }
    }

    fn id(&self) -> &'static str {
        self.claim.as_str()
    }

    fn label(&self, words: &Words) -> String {
        words.t(match self.claim {
            EditableClaim::Name => "profile-name",
            EditableClaim::GivenName => "profile-given-name",
            EditableClaim::MiddleName => "profile-middle-name",
            EditableClaim::FamilyName => "profile-family-name",
            EditableClaim::Nickname => "profile-nickname",
            EditableClaim::Picture => "profile-picture",
            EditableClaim::Profile => "profile-page",
            EditableClaim::Website => "profile-website",
            EditableClaim::Gender => "profile-gender",
            EditableClaim::Birthdate => "profile-birthdate",
            EditableClaim::Locale => "profile-language",
            EditableClaim::Zoneinfo => "profile-zone",
            EditableClaim::PhoneNumber => "profile-phone",
            EditableClaim::Formatted => "profile-address",
            EditableClaim::StreetAddress => "profile-street",
            EditableClaim::Locality => "profile-city",
            EditableClaim::Region => "profile-region",
            EditableClaim::PostalCode => "profile-postal-code",
            EditableClaim::Country => "profile-country",
        })
    }

    fn hint(&self, words: &Words) -> Option<String> {
        match self.claim {
            EditableClaim::Picture => Some(words.t("profile-picture-hint")),
            EditableClaim::Birthdate => Some(words.t("profile-birthdate-hint")),
            EditableClaim::Zoneinfo => Some(words.t("profile-zone-hint")),
            EditableClaim::PhoneNumber => Some(words.t("profile-phone-hint")),
            _ => None,
        }
    }

    fn error_text(&self, words: &Words) -> Option<String> {
        Some(words.t(match self.error? {
            ProfileError::Text => "profile-error-text",
            ProfileError::Https => "profile-error-https",
            ProfileError::WebAddress => "profile-error-address",
            ProfileError::Birthdate => "profile-error-birthdate",
            ProfileError::Language => "profile-error-language",
            ProfileError::TimeZone => "profile-error-zone",
            ProfileError::Phone => "profile-error-phone",
        }))
    }

    /// What tells browsers what to fill in (WCAG 2.2, 1.3.5).
    fn autocomplete(&self) -> &'static str {
        match self.claim {
            EditableClaim::Name => "name",
            EditableClaim::GivenName => "given-name",
            EditableClaim::MiddleName => "additional-name",
            EditableClaim::FamilyName => "family-name",
            EditableClaim::Nickname => "nickname",
            EditableClaim::Picture => "photo",
            EditableClaim::Website => "url",
            EditableClaim::Gender => "sex",
            EditableClaim::Birthdate => "bday",
            EditableClaim::Locale => "language",
            EditableClaim::PhoneNumber => "tel",
            EditableClaim::StreetAddress => "street-address",
            EditableClaim::Locality => "address-level2",
            EditableClaim::Region => "address-level1",
            EditableClaim::PostalCode => "postal-code",
            EditableClaim::Country => "country-name",
            EditableClaim::Profile | EditableClaim::Zoneinfo | EditableClaim::Formatted => "off",
        }
    }

    /// The keyboard of a telephone that fits.
    fn inputmode(&self) -> &'static str {
        match self.claim {
            EditableClaim::Picture | EditableClaim::Profile | EditableClaim::Website => "url",
            EditableClaim::PhoneNumber => "tel",
            _ => "text",
        }
    }

    fn is_language(&self) -> bool {
        self.claim == EditableClaim::Locale
    }

    fn has_lines(&self) -> bool {
        self.claim.has_lines()
    }

    /// The ids of what describes the field.
    fn described_by(&self, words: &Words) -> Option<String> {
        let hint = self.hint(words).map(|_| format!("{}-hint", self.id()));
        let error = self.error.map(|_| format!("{}-error", self.id()));
        let ids: Vec<String> = error.into_iter().chain(hint).collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }

    /// The languages to choose from: tag and name. Another one that the account has stays.
    fn languages(&self) -> Vec<(String, String)> {
        let mut all: Vec<(String, String)> = Locale::ALL
            .iter()
            .map(|locale| (locale.tag().to_owned(), locale.own_name().to_owned()))
            .collect();
        if !self.value.is_empty() && !all.iter().any(|(tag, _)| *tag == self.value) {
            all.push((self.value.clone(), self.value.clone()));
        }
        all
    }
}

page!(ProfilePage);
