use std::borrow::Cow;
use std::sync::OnceLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

use super::Locale;

type Bundle = FluentBundle<FluentResource>;

const ENGLISH: &str = include_str!("../../templates/words/en.ftl");

/// What a catalogue says. The files stand in the binary and a test reads each of them.
fn catalogue(locale: Locale) -> Cow<'static, str> {
    Cow::Borrowed(match locale {
        Locale::En => ENGLISH,
        Locale::De => include_str!("../../templates/words/de.ftl"),
        Locale::Es => include_str!("../../templates/words/es.ftl"),
        Locale::Fr => include_str!("../../templates/words/fr.ftl"),
        Locale::Pt => include_str!("../../templates/words/pt.ftl"),
        Locale::Ar => include_str!("../../templates/words/ar.ftl"),
        Locale::Zh => include_str!("../../templates/words/zh.ftl"),
        Locale::Ja => include_str!("../../templates/words/ja.ftl"),
        #[cfg(test)]
        Locale::Pseudo => return Cow::Owned(super::pseudo::catalogue(ENGLISH)),
    })
}

/// The catalogue of one language, parsed when it is first asked for.
fn bundle(locale: Locale) -> &'static Bundle {
    const COUNT: usize = Locale::ALL.len() + cfg!(test) as usize;
    static BUNDLES: [OnceLock<Bundle>; COUNT] = [const { OnceLock::new() }; COUNT];
    BUNDLES[locale as usize].get_or_init(|| parse(locale))
}

fn parse(locale: Locale) -> Bundle {
    let text = catalogue(locale).into_owned();
    let resource = FluentResource::try_new(text).unwrap_or_else(|(partial, _)| partial);
    let language = locale.tag().parse().unwrap_or_default();
    let mut bundle = Bundle::new_concurrent(vec![language]);
    // A name in Latin letters would change the order of the words around it. The other languages
    // run from left to right, as most names do, and go without the marks.
    bundle.set_use_isolating(locale.is_right_to_left());
    bundle.add_resource_overriding(resource);
    bundle
}

/// The words of one language.
#[derive(Debug, Clone, Copy)]
pub(super) struct Words {
    locale: Locale,
    /// Whether gaps may have marks around them that isolate the direction of what fills them.
    has_marks: bool,
}

impl Words {
    /// The words for the text of a page.
    pub(super) const fn text(locale: Locale) -> Self {
        Self { locale, has_marks: true }
    }

    /// The words for titles and attributes, where a mark may show as a box.
    pub(super) const fn plain(locale: Locale) -> Self {
        Self { locale, has_marks: false }
    }

    /// A text without gaps.
    pub(super) fn t(self, key: &str) -> String {
        self.format(key, None)
    }

    /// A text with one gap.
    pub(super) fn with(self, key: &str, name: &str, value: &str) -> String {
        let mut args = FluentArgs::new();
        args.set(name.to_owned(), value.to_owned());
        self.format(key, Some(&args))
    }

    /// A text with a number, in the right plural.
    pub(super) fn count(self, key: &str, count: u128) -> String {
        let mut args = FluentArgs::new();
        args.set("count", FluentValue::from(u64::try_from(count).unwrap_or(u64::MAX)));
        self.format(key, Some(&args))
    }

    /// A key that is in no catalogue shows as itself between brackets that no text has: a test
    /// looks for them on every page.
    fn format(self, key: &str, args: Option<&FluentArgs<'_>>) -> String {
        let bundle = bundle(self.locale);
        let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
            return format!("⟦{key}⟧");
        };
        // A gap without its argument shows as `{$name}`, and the same test finds it.
        let text = bundle.format_pattern(pattern, args, &mut Vec::new());
        if self.has_marks { text.into_owned() } else { text.replace(['\u{2068}', '\u{2069}'], "") }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::{ENGLISH, Locale, Words, catalogue};

    /// Each key with the names of its gaps. A text goes on in indented lines.
    fn messages(text: &str) -> BTreeMap<String, BTreeSet<String>> {
        let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut key = String::new();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            if let (false, Some((name, _))) = (line.starts_with(' '), line.split_once(" =")) {
                key = name.to_owned();
                assert!(found.insert(key.clone(), BTreeSet::new()).is_none(), "{key} stands twice");
            }
            let gaps = line.split('$').skip(1).map(|rest| {
                rest.chars().take_while(|c| c.is_alphanumeric() || *c == '-').collect::<String>()
            });
            found.entry(key.clone()).or_default().extend(gaps);
        }
        found
    }

    #[test]
    fn catalogues_have_equal_keys_and_gaps() {
        let english = messages(ENGLISH);
        for locale in Locale::ALL {
            let (tag, text) = (locale.tag(), catalogue(locale));
            let parsed = fluent_bundle::FluentResource::try_new(text.to_string());
            assert!(parsed.is_ok(), "{tag} does not parse");
            let own = messages(&text);
            let missing: Vec<_> = english.keys().filter(|key| !own.contains_key(*key)).collect();
            assert!(missing.is_empty(), "{tag} lacks {missing:?}");
            let foreign: Vec<_> = own.keys().filter(|key| !english.contains_key(*key)).collect();
            assert!(foreign.is_empty(), "only {tag} has {foreign:?}");
            for (key, gaps) in &english {
                assert_eq!(&own[key], gaps, "{tag}: {key}");
            }
        }
    }

    /// One number of each form that the language has, by CLDR.
    fn numbers(locale: Locale) -> (&'static [&'static str], &'static [u128]) {
        match locale {
            Locale::Ar => (&["zero", "one", "two", "few", "many", "other"], &[0, 1, 2, 3, 11, 100]),
            Locale::Zh | Locale::Ja => (&["other"], &[1]),
            _ => (&["one", "other"], &[1, 2]),
        }
    }

    #[test]
    fn every_plural_has_the_forms_of_its_language() {
        for locale in Locale::ALL {
            let (forms, numbers) = numbers(locale);
            let text = catalogue(locale);
            let selections: Vec<&str> = text.split("$count ->").skip(1).collect();
            assert!(selections.len() >= 3, "{} has {}", locale.tag(), selections.len());
            for selection in selections {
                // The texts have gaps of their own, so the end is a bracket that begins a line.
                let lines = selection.lines().skip(1);
                let named: Vec<&str> = lines
                    .map(|line| line.trim().trim_start_matches('*'))
                    .take_while(|line| !line.starts_with('}'))
                    .filter_map(|line| Some(line.strip_prefix('[')?.split_once(']')?.0))
                    .collect();
                assert_eq!(named, forms, "{}: {selection}", locale.tag());
            }
            let words = Words::plain(locale);
            let told: Vec<String> =
                numbers.iter().map(|&number| words.count("wait-minutes", number)).collect();
            let unlike: BTreeSet<String> = told
                .iter()
                .map(|text| text.chars().filter(|sign| !sign.is_ascii_digit()).collect())
                .collect();
            // Arabic writes 0, 11 and 100 minutes with one word, and 1, 2 and 3 with three others.
            let expected = if locale == Locale::Ar { 4 } else { forms.len() };
            assert_eq!(unlike.len(), expected, "{told:?}");
        }
    }

    #[test]
    fn names_in_an_arabic_text_are_isolated_and_in_its_title_are_not() {
        let text = Words::text(Locale::Ar).with("continue-to", "app", "Notes");
        assert!(text.contains("\u{2068}Notes\u{2069}"), "{text}");
        let title = Words::plain(Locale::Ar).with("continue-to", "app", "Notes");
        assert_eq!(title, text.replace(['\u{2068}', '\u{2069}'], ""));
        let english = Words::text(Locale::En).with("continue-to", "app", "Notes");
        assert_eq!(english, "Continue to Notes");
    }

    /// The text of every file with this ending under `folder` of the repository.
    fn texts(folder: &str, ending: &str) -> String {
        let mut folders = vec![std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
        let mut all = String::new();
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
                let path = entry.path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|found| found == ending) {
                    all += &std::fs::read_to_string(&path).expect("a text");
                }
            }
        }
        all
    }

    #[test]
    fn every_key_that_is_asked_for_exists_with_its_gap() {
        let known = messages(ENGLISH);
        let text = texts("templates", "html") + &texts("src/pages", "rs");
        let mut found = 0;
        for (call, has_gap) in [(".t(\"", false), (".with(\"", true), (".count(\"", true)] {
            for rest in text.split(call).skip(1) {
                let Some((key, rest)) = rest.split_once('"') else { continue };
                let Some(gaps) = known.get(key) else { panic!("{key} is in no catalogue") };
                let named = rest.strip_prefix(", \"").and_then(|rest| rest.split_once('"'));
                let named = named.map(|(gap, _)| gap.to_owned()).or(Some("count".to_owned()));
                let expected: BTreeSet<String> = named.filter(|_| has_gap).into_iter().collect();
                assert_eq!(gaps, &expected, "{key}");
                found += 1;
            }
        }
        assert!(found > 60, "the search found only {found}");
    }

    #[test]
    fn every_key_is_asked_for() {
        let text = texts("templates", "html") + &texts("src/pages", "rs");
        for key in messages(ENGLISH).into_keys() {
            // The error pages put their keys together.
            let stem = key.strip_suffix("-heading").or(key.strip_suffix("-text")).unwrap_or(&key);
            let is_used =
                [key.as_str(), stem].iter().any(|key| text.contains(&format!("\"{key}\"")));
            assert!(is_used, "nothing asks for {key}");
        }
    }

    #[test]
    fn r91_no_template_turns_escaping_off() {
        let text = texts("templates", "html");
        let mut count = 0;
        for rest in text.split("{{").skip(1).chain(text.split("{%").skip(1)) {
            let tag = rest.split('}').next().unwrap_or_default();
            let words: Vec<&str> = tag.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
            for switch in ["safe", "escape", "autoescape"] {
                assert!(!words.contains(&switch), "{tag}");
            }
            count += 1;
        }
        assert!(count > 100, "the search found only {count}");
    }

    #[test]
    fn copy_blames_nobody() {
        let banned = |locale| match locale {
            Locale::De => "bitte ungültig verboten leider",
            Locale::Es => "favor lamentamos sentimos inválid ilegal prohibid ¡",
            Locale::Fr => "veuillez désolé invalide illégal interdit",
            Locale::Pt => "favor desculpe lamentamos inválid ilegal proibid",
            Locale::Ar => "فضلك يرجى عذر آسف صالح ممنوع",
            Locale::Zh => "抱歉 对不起 无效 非法 禁止 ！",
            Locale::Ja => "申し訳 すみません 恐れ入り 不正 無効 違反 禁止 ！",
            Locale::En | Locale::Pseudo => "please sorry oops invalid illegal forbidden",
        };
        for locale in Locale::ALL {
            for line in catalogue(locale).lines().filter(|line| !line.starts_with('#')) {
                let lower = line.to_lowercase();
                let found = banned(locale).split(' ').find(|word| lower.contains(word));
                assert!(found.is_none(), "{}: {line}", locale.tag());
                assert!(!line.contains('!'), "{}: nobody is shouted at: {line}", locale.tag());
            }
        }
    }
}
