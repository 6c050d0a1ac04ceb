/// A language that the pages speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Locale {
    /// English.
    En,
    /// German.
    De,
    /// Spanish.
    Es,
    /// French.
    Fr,
    /// Portuguese, as Brazil writes it.
    Pt,
    /// Arabic.
    Ar,
    /// Chinese in simplified characters. Its tag names the country, as most browsers do.
    Zh,
    /// Japanese.
    Ja,
    /// Longer accented English that is made for tests: what it does not reach stands in no catalogue.
    #[cfg(test)]
    Pseudo,
}

impl Locale {
    /// Every language, the default first.
    pub const ALL: [Self; 8] =
        [Self::En, Self::De, Self::Es, Self::Fr, Self::Pt, Self::Ar, Self::Zh, Self::Ja];

    /// The BCP 47 tag.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::De => "de",
            Self::Es => "es",
            Self::Fr => "fr",
            Self::Pt => "pt-BR",
            Self::Ar => "ar",
            Self::Zh => "zh-CN",
            Self::Ja => "ja",
            #[cfg(test)]
            Self::Pseudo => "en-XA",
        }
    }

    /// The language's name in itself.
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::De => "Deutsch",
            Self::Es => "Español",
            Self::Fr => "Français",
            Self::Pt => "Português (Brasil)",
            Self::Ar => "العربية",
            Self::Zh => "简体中文",
            Self::Ja => "日本語",
            #[cfg(test)]
            Self::Pseudo => "Ṕšéûđô",
        }
    }

    /// Whether the language is written from right to left.
    pub const fn is_right_to_left(self) -> bool {
        matches!(self, Self::Ar)
    }

    /// The language that a BCP 47 tag means, by its first part: `de-AT` is German. Chinese in
    /// traditional characters is another script, which we do not have.
    pub fn of_tag(tag: &str) -> Option<Self> {
        let mut parts = tag.trim().split(['-', '_']);
        let primary = parts.next().unwrap_or_default();
        let is_ours = |locale: &Self| {
            let own = locale.tag().split('-').next().unwrap_or_default();
            own.eq_ignore_ascii_case(primary)
        };
        let found = Self::ALL.into_iter().find(is_ours)?;
        let marks: Vec<String> = parts.map(str::to_ascii_lowercase).collect();
        let has = |mark: &str| marks.iter().any(|part| part == mark);
        let is_traditional = !has("hans") && ["hant", "tw", "hk", "mo"].into_iter().any(has);
        (found != Self::Zh || !is_traditional).then_some(found)
    }
}

/// Chooses the language: what is wanted by a link, the app (`ui_locales`) and the account (tags
/// with spaces between, most wanted first), the choice of before, the browser's list (RFC 9110
/// §12.5.4), English.
pub fn negotiate(
    wanted: Option<&str>,
    cookie: Option<&str>,
    accept_language: Option<&str>,
) -> Locale {
    wanted
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
        assert_eq!(negotiate(Some("sv de-AT en"), Some("en"), Some("en")), Locale::De);
        assert_eq!(negotiate(Some("se"), Some("de"), Some("en")), Locale::De);
        assert_eq!(negotiate(None, None, Some("sv, en;q=0.5, de;q=0.8")), Locale::De);
        assert_eq!(negotiate(None, None, Some("de;q=0, sv")), Locale::En);
        assert_eq!(negotiate(None, None, Some("ar-EG, en;q=0.5")), Locale::Ar);
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

    #[test]
    fn a_country_of_the_same_language_and_script_will_do() {
        for (tag, locale) in [
            ("pt", Some(Locale::Pt)),
            ("pt-PT", Some(Locale::Pt)),
            ("es-419", Some(Locale::Es)),
            ("zh", Some(Locale::Zh)),
            ("zh-CN", Some(Locale::Zh)),
            ("zh-Hans-HK", Some(Locale::Zh)),
            ("zh-Hant", None),
            ("zh-TW", None),
            ("ZH_hk", None),
            ("j", None),
            ("", None),
        ] {
            assert_eq!(Locale::of_tag(tag), locale, "{tag}");
        }
        // The browser names both, and says itself what will do.
        assert_eq!(negotiate(None, None, Some("zh-TW,zh;q=0.9,en;q=0.8")), Locale::Zh);
    }
}
