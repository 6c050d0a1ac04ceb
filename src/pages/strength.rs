use super::words::Words;
use super::{Locale, NewPasswordError};

/// What is said of a new password while it is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TypedPassword {
    /// It would not be taken.
    Refused(NewPasswordError),
    /// It would be guessed soon.
    Weak,
    /// It is not among the first.
    Fair,
    /// It is hard to guess.
    Good,
    /// It is very hard to guess.
    Strong,
}

impl TypedPassword {
    /// The words for it: one line, without markup.
    pub fn text(self, locale: Locale) -> String {
        let words = Words::plain(locale);
        match self {
            Self::Refused(error) => error.text(words),
            Self::Weak => words.t("strength-weak"),
            Self::Fair => words.t("strength-fair"),
            Self::Good => words.t("strength-good"),
            Self::Strong => words.t("strength-strong"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strength_has_its_words_in_every_language() {
        use TypedPassword::{Fair, Good, Refused, Strong, Weak};
        for locale in Locale::ALL {
            let all = [Refused(NewPasswordError::TooShort(15)), Weak, Fair, Good, Strong];
            let texts: std::collections::BTreeSet<String> =
                all.into_iter().map(|typed| typed.text(locale)).collect();
            assert_eq!(texts.len(), all.len(), "{}", locale.tag());
            assert!(texts.iter().all(|text| !text.contains(['⟦', '{', '\n'])), "{texts:?}");
        }
    }
}
