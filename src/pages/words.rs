use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

use super::Locale;

type Bundle = FluentBundle<FluentResource>;

static ENGLISH: LazyLock<Bundle> =
    LazyLock::new(|| bundle(Locale::En, include_str!("../../templates/words/en.ftl")));
static GERMAN: LazyLock<Bundle> =
    LazyLock::new(|| bundle(Locale::De, include_str!("../../templates/words/de.ftl")));

/// The catalogue of one language. The files stand in the binary and a test reads each of them.
fn bundle(locale: Locale, text: &str) -> Bundle {
    let resource = FluentResource::try_new(text.to_owned()).unwrap_or_else(|(partial, _)| partial);
    let language = locale.tag().parse().unwrap_or_default();
    let mut bundle = Bundle::new_concurrent(vec![language]);
    // Both languages run left to right; the marks would end up in titles and attributes.
    bundle.set_use_isolating(false);
    bundle.add_resource_overriding(resource);
    bundle
}

/// The words of one language.
#[derive(Debug, Clone, Copy)]
pub(super) struct Words(pub(super) Locale);

impl Words {
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
        let bundle = match self.0 {
            Locale::En => &ENGLISH,
            Locale::De => &GERMAN,
        };
        let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
            return format!("⟦{key}⟧");
        };
        // A gap without its argument shows as `{$name}`, and the same test finds it.
        bundle.format_pattern(pattern, args, &mut Vec::new()).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    const CATALOGUES: [(&str, &str); 2] = [
        ("en", include_str!("../../templates/words/en.ftl")),
        ("de", include_str!("../../templates/words/de.ftl")),
    ];

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
        for (name, text) in CATALOGUES {
            assert!(
                fluent_bundle::FluentResource::try_new(text.to_owned()).is_ok(),
                "{name} does not parse"
            );
        }
        assert_eq!(messages(CATALOGUES[0].1), messages(CATALOGUES[1].1));
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
        let known = messages(CATALOGUES[0].1);
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
        for key in messages(CATALOGUES[0].1).into_keys() {
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
        let banned = [
            "please",
            "sorry",
            "oops",
            "invalid",
            "illegal",
            "forbidden",
            "bitte",
            "ungültig",
            "verboten",
            "leider",
        ];
        for (name, text) in CATALOGUES {
            for line in text.lines().filter(|line| !line.starts_with('#')) {
                let lower = line.to_lowercase();
                let found = banned.iter().find(|word| lower.contains(**word));
                assert!(found.is_none(), "{name}: {line}");
                assert!(!line.contains('!'), "{name}: nobody is shouted at: {line}");
            }
        }
    }
}
