/// A language that the pages speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Locale {
    /// English.
    En,
    /// German.
    De,
}

impl Locale {
    /// Every language, the default first.
    pub const ALL: [Self; 2] = [Self::En, Self::De];

    /// The BCP 47 tag.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::De => "de",
        }
    }

    /// The language's name in itself.
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::De => "Deutsch",
        }
    }

    /// The language that a tag means, by its first part: `de-AT` is German.
    fn of_tag(tag: &str) -> Option<Self> {
        let primary = tag.trim().split(['-', '_']).next().unwrap_or_default();
        Self::ALL.into_iter().find(|locale| locale.tag().eq_ignore_ascii_case(primary))
    }
}

/// Chooses the language: what the app or a link asks for (`ui_locales`, most wanted first), the
/// choice of before, the browser's list (RFC 9110 §12.5.4), English.
pub fn negotiate(
    ui_locales: Option<&str>,
    cookie: Option<&str>,
    accept_language: Option<&str>,
) -> Locale {
    ui_locales
        .and_then(|tags| tags.split(' ').find_map(Locale::of_tag))
        .or_else(|| cookie.and_then(Locale::of_tag))
        .or_else(|| accept_language.and_then(best_accepted))
        .unwrap_or(Locale::En)
}

fn best_accepted(header: &str) -> Option<Locale> {
    let mut wanted: Vec<(f32, Locale)> = header
        .split(',')
        .take(20)
        .filter_map(|item| {
            let mut parts = item.split(';');
            let locale = Locale::of_tag(parts.next()?)?;
            let weight = parts.find_map(|part| part.trim().strip_prefix("q=")?.parse().ok());
            Some((weight.unwrap_or(1.0), locale))
        })
        .filter(|(weight, _)| *weight > 0.0)
        .collect();
    // The sort is stable: of equal weights the first named wins.
    wanted.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    wanted.first().map(|(_, locale)| *locale)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_app_then_the_choice_then_the_browser_decide() {
        assert_eq!(negotiate(Some("fr de-AT en"), Some("en"), Some("en")), Locale::De);
        assert_eq!(negotiate(Some("se"), Some("de"), Some("en")), Locale::De);
        assert_eq!(negotiate(None, None, Some("fr, en;q=0.5, de;q=0.8")), Locale::De);
        assert_eq!(negotiate(None, None, Some("de;q=0, fr")), Locale::En);
        assert_eq!(negotiate(None, Some("xx"), None), Locale::En);
        assert_eq!(negotiate(None, None, None), Locale::En);
    }

    #[test]
    fn odd_lists_are_read_as_far_as_they_go() {
        assert_eq!(negotiate(Some("  DE_ch "), None, None), Locale::De);
        assert_eq!(negotiate(None, None, Some(",;q=,de;q=x,*")), Locale::De);
        assert_eq!(negotiate(None, None, Some("en;q=0.3,de-DE;q=0.3")), Locale::En);
        assert_eq!(negotiate(None, None, Some("de;q=NaN")), Locale::En);
    }

    #[test]
    fn each_tag_means_its_own_language() {
        for locale in Locale::ALL {
            assert_eq!(Locale::of_tag(locale.tag()), Some(locale));
        }
    }
}
