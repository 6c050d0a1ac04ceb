/// Makes a catalogue of longer accented text from the English one: about half as long again, still
/// readable, and unlike any text that a template holds itself. Keys, gaps and the names of plural
/// forms stay.
pub(super) fn catalogue(english: &str) -> String {
    let mut all = String::new();
    let mut depth = 0;
    for line in english.lines().filter(|line| !line.starts_with('#')) {
        let is_form = line.trim_start().starts_with(['[', '*']);
        // What stands before the text: a key, or the name of a plural form.
        let start = match (is_form, line.starts_with(' ')) {
            (true, _) => line.find(']').map_or(0, |at| at + 1),
            (false, true) => 0,
            (false, false) => line.find('=').map_or(0, |at| at + 1),
        };
        let (kept, text) = line.split_at(start);
        all += kept;
        // A plural form is text although it stands within a bracket.
        let outside = if is_form { depth } else { 0 };
        for sign in text.chars() {
            match sign {
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => {}
            }
            let is_text = depth == outside && sign != '}';
            all.push_str(if is_text { accented(sign) } else { "" });
            if !is_text || accented(sign).is_empty() {
                all.push(sign);
            }
        }
        all.push('\n');
    }
    all
}

/// What stands for a letter; nothing for a sign that stays. Vowels are doubled.
fn accented(sign: char) -> &'static str {
    const LETTERS: [&str; 26] = [
        "áà", "ƀ", "ç", "ð", "éè", "ƒ", "ĝ", "ĥ", "íì", "ĵ", "ķ", "ļ", "ɱ", "ñ", "óò", "þ", "ɋ",
        "ŕ", "š", "ţ", "úù", "ṽ", "ŵ", "ẋ", "ý", "ž",
    ];
    const CAPITALS: [&str; 26] = [
        "ÁÀ", "Ɓ", "Ç", "Ð", "ÉÈ", "Ƒ", "Ĝ", "Ĥ", "ÍÌ", "Ĵ", "Ķ", "Ļ", "Ṁ", "Ñ", "ÓÒ", "Þ", "Ɋ",
        "Ŕ", "Š", "Ţ", "ÚÙ", "Ṽ", "Ŵ", "Ẋ", "Ý", "Ž",
    ];
    let within = |first: char| usize::try_from(u32::from(sign) - u32::from(first)).unwrap_or(0);
    match sign {
        'a'..='z' => LETTERS[within('a')],
        'A'..='Z' => CAPITALS[within('A')],
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::super::words::Words;
    use super::super::{Locale, gallery};
    use super::catalogue;

    #[test]
    fn text_is_accented_and_gaps_and_forms_stay() {
        let made = catalogue("# A word.\nto-app = Go to { $app }.\n");
        assert_eq!(made, "to-app = Ĝóò ţóò { $app }.\n");
        let words = Words::plain(Locale::Pseudo);
        assert_eq!(words.count("wait-seconds", 1), "1 šéèçóòñð");
        assert_eq!(words.count("wait-seconds", 2), "2 šéèçóòñðš");
        let days = words.count("consent-lifetime-offline", 30);
        assert!(days.contains(" 30 ðáàýš"), "{days}");
    }

    /// The names of the gallery's people and apps and of commands, which are no text of ours.
    const NAMES: [&str; 11] = [
        "Tessera",
        "Notes",
        "Photos",
        "Firefox",
        "Linux",
        "Ada",
        "Lovelace",
        "Wolfeschlegelsteinhausenbergerdorff",
        "Donaudampfschifffahrtsgesellschaft",
        "tessera",
        "setup-link",
    ];

    /// The words in plain letters: not the addresses, codes and escaped signs, which have a
    /// sign or a digit within, and neither the names nor their initials.
    fn plain_words(text: &str) -> Vec<&str> {
        let is_within = |sign: char| sign.is_ascii_digit() || ".@_:/&".contains(sign);
        text.split_whitespace()
            .map(|word| word.trim_matches(|sign: char| !sign.is_alphanumeric() && sign != '&'))
            .filter(|word| word.len() > 2 && word.chars().all(|sign| sign.is_ascii_graphic()))
            .filter(|word| !word.contains(is_within) && !NAMES.contains(word))
            .collect()
    }

    /// Everything of a page that one reads or hears.
    fn texts(html: &str) -> Vec<&str> {
        let between = html.split('>').filter_map(|part| part.split_once('<'));
        let mut all: Vec<&str> = between.map(|(text, _)| text).collect();
        for name in [" aria-label=\"", " title=\"", " placeholder=\"", " alt=\"", " data-text=\""] {
            all.extend(html.split(name).skip(1).filter_map(|rest| Some(rest.split_once('"')?.0)));
        }
        all
    }

    #[test]
    fn every_text_of_every_page_comes_from_a_catalogue() {
        assert_eq!(plain_words("Ada: sign in at notes.example."), ["sign"]);
        let languages = Locale::ALL.map(Locale::own_name);
        for (name, html) in gallery(Locale::Pseudo) {
            for text in texts(&html).into_iter().filter(|text| !languages.contains(text)) {
                let found = plain_words(text);
                assert!(found.is_empty(), "{name}: {found:?} of {text:?} is in no catalogue");
            }
        }
    }
}
