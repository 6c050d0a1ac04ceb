use unicode_normalization::UnicodeNormalization as _;

use super::common_passwords::is_common;

/// What a new password must be (NIST SP 800-63B §3.1.1.2): long enough and not one of those that
/// are tried first. No kinds of characters are demanded, and nothing expires.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PasswordRule {
    min: usize,
}

/// Why a password is not accepted, and what to do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordProblem {
    /// Too short.
    #[error(
        "the password needs at least {min} characters: choose a longer one, for instance several words"
    )]
    TooShort {
        /// The least number of characters.
        min: usize,
    },
    /// Too long.
    #[error("the password may have at most 256 characters: choose a shorter one")]
    TooLong,
    /// One of those that are tried first.
    #[error(
        "the password is one of the first that attackers try: choose another, for instance several words"
    )]
    Common,
    /// Made of the account's own names.
    #[error(
        "the password is made of the username, the email address or the name of the person or \
         service: choose words that have nothing to do with them"
    )]
    Context,
    /// It stands in the breach filter.
    #[error(
        "the password is known from a data breach somewhere else: choose another, and change it wherever it is used"
    )]
    Breached,
    /// It is the one that must not count any more.
    #[error("the password is the old one: choose another")]
    Same,
}

/// How long guessing would take, in words that pages have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    /// Up to 10^6 guesses.
    Weak,
    /// Up to 10^8.
    Fair,
    /// Up to 10^10.
    Good,
    /// More.
    Strong,
}

/// What is thought of a new password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Judgement {
    /// The first reason against it.
    pub problem: Option<PasswordProblem>,
    /// How hard it is to guess.
    pub strength: Strength,
}

const MAX: usize = 256;
/// The estimate looks at no more characters.
const ESTIMATED: usize = 64;
/// A password below it is in the lists of those who guess over the network.
const COMMON_GUESSES: u64 = 1_000_000;

impl PasswordRule {
    /// The rule where the password is the only factor: 15 characters.
    pub const ONLY_FACTOR: Self = Self { min: 15 };
    /// The rule beside a second factor: 8 characters.
    pub const WITH_SECOND_FACTOR: Self = Self { min: 8 };

    /// The rule for a person who has a second factor, or has none. One that a single app demands
    /// is no reason for a shorter password: other apps let the person in without it.
    pub const fn beside(has_second_factor: bool) -> Self {
        if has_second_factor { Self::WITH_SECOND_FACTOR } else { Self::ONLY_FACTOR }
    }

    /// The least number of characters.
    pub const fn min(self) -> usize {
        self.min
    }

    /// Judges a new password; `context` holds the account's own words.
    pub fn judge(self, password: &str, context: &[String]) -> Judgement {
        let normal: String = password.nfkc().collect();
        let lower = normal.to_lowercase();
        let guesses = guesses(&normal, &[]);
        let length = normal.chars().count();
        let problem = if length < self.min {
            Some(PasswordProblem::TooShort { min: self.min })
        } else if length > MAX {
            Some(PasswordProblem::TooLong)
        } else if guesses < COMMON_GUESSES || is_common(&lower) || is_pattern(&lower) {
            Some(PasswordProblem::Common)
        } else if is_mostly_context(&lower, context) {
            Some(PasswordProblem::Context)
        } else {
            None
        };
        let strength = match problem {
            Some(PasswordProblem::Common | PasswordProblem::Context) => Strength::Weak,
            _ => Strength::of(self::guesses(&normal, context)),
        };
        Judgement { problem, strength }
    }
}

impl Strength {
    fn of(guesses: u64) -> Self {
        match guesses {
            0..COMMON_GUESSES => Self::Weak,
            COMMON_GUESSES..100_000_000 => Self::Fair,
            100_000_000..10_000_000_000 => Self::Good,
            _ => Self::Strong,
        }
    }
}

/// About how many guesses it takes, by lists of some 90,000 passwords, words and names, by
/// patterns of the keyboard and dates, with the usual letters replaced. Of a longer text the
/// harder end counts.
fn guesses(password: &str, context: &[String]) -> u64 {
    let inputs = words_of(context);
    let inputs: Vec<&str> = inputs.iter().map(String::as_str).collect();
    let estimate = |text: &str| zxcvbn::zxcvbn(text, &inputs).guesses();
    let password: String = password.chars().map(plain).collect();
    let length = password.chars().count();
    if length <= ESTIMATED {
        return estimate(&password);
    }
    let start: String = password.chars().take(ESTIMATED).collect();
    let end: String = password.chars().skip(length - ESTIMATED).take(ESTIMATED).collect();
    estimate(&start).max(estimate(&end))
}

/// The letter that a sign stands for in a disguised word. The estimate would try every combination
/// of the meanings of these signs, which takes it minutes for a text that holds them all.
fn plain(c: char) -> char {
    match c {
        '@' => 'a',
        '$' => 's',
        '+' => 't',
        '!' | '|' => '1',
        '{' | '[' | '<' => '(',
        other => other,
    }
}

/// The account's own words and the name of the service, whole and in their pieces.
fn words_of(context: &[String]) -> Vec<String> {
    let mut words = vec!["tessera".to_owned()];
    for text in context {
        let text: String = text.nfkc().flat_map(char::to_lowercase).collect();
        words.extend(text.split(|c: char| !c.is_alphanumeric()).map(str::to_owned));
        words.extend(text.split_once('@').map(|(local, _)| local.to_owned()));
        words.push(text);
    }
    words.retain(|word| word.chars().count() >= 3);
    // A long one first, so that a piece of it does not leave the rest.
    words.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
    words.dedup();
    words
}

/// One short piece over and over, or a run of neighbours: `abcabcabc…`, `123456789…`.
fn is_pattern(lower: &str) -> bool {
    let chars: Vec<char> = lower.chars().collect();
    let repeats = (1..=4).any(|size| {
        chars.len() > size && chars.iter().zip(chars.iter().skip(size)).all(|(a, b)| a == b)
    });
    let steps: Vec<i64> = chars
        .windows(2)
        .map(|pair| i64::from(u32::from(pair[1])) - i64::from(u32::from(pair[0])))
        .collect();
    let runs = steps.iter().filter(|step| step.abs() <= 1).count();
    repeats || (!steps.is_empty() && runs * 10 >= steps.len() * 9)
}

/// What is left without the account's own words must still be something.
fn is_mostly_context(lower: &str, context: &[String]) -> bool {
    let mut rest = lower.to_owned();
    for word in words_of(context).iter().map(String::as_str).chain(["password"]) {
        rest = rest.replace(word, "");
    }
    let left = rest.chars().filter(|c| c.is_alphanumeric()).count();
    rest.len() < lower.len() && left < 6
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(rule: PasswordRule, password: &str) -> Option<PasswordProblem> {
        rule.judge(password, &[]).problem
    }

    #[test]
    fn r54_length_counts_code_points_after_nfkc() {
        for (rule, min) in [(PasswordRule::beside(false), 15), (PasswordRule::beside(true), 8)] {
            assert_eq!(rule.min(), min);
            let exact = &"hw7 kq2 zæß vp9 "[..].chars().take(min).collect::<String>();
            assert_eq!(problem(rule, exact), None, "{exact}");
            let short: String = exact.chars().skip(1).collect();
            assert_eq!(problem(rule, &short), Some(PasswordProblem::TooShort { min }));
            // A letter with an accent of its own is one character, however it is typed.
            let apart = format!("{}e\u{301}", exact.chars().skip(2).collect::<String>());
            assert_eq!(apart.chars().count(), min);
            assert_eq!(problem(rule, &apart), Some(PasswordProblem::TooShort { min }));
        }
        let rule = PasswordRule::ONLY_FACTOR;
        let long: String = (0..256_u32).map(|n| char::from(b'!' + (n * n % 89) as u8)).collect();
        assert_eq!(problem(rule, &long), None);
        assert_eq!(problem(rule, &format!("{long}x")), Some(PasswordProblem::TooLong));
        // One of these characters is two bytes in UTF-16 and four in UTF-8, and still one.
        let wide: String = (0..256_u32).filter_map(|n| char::from_u32(0x1F300 + n)).collect();
        assert_ne!(problem(rule, &wide), Some(PasswordProblem::TooLong));
    }

    #[test]
    fn r54_no_kind_of_character_is_demanded() {
        for password in [
            "correct horse battery staple",
            "æøåßüñçé wörtér",
            "ключ дождь лампа",
            "正しい馬と電池とホチキスの山川",
        ] {
            assert_eq!(problem(PasswordRule::ONLY_FACTOR, password), None, "{password}");
        }
    }

    #[test]
    fn r54_what_is_tried_first_is_refused() {
        for password in [
            "passwordpassword",
            "Password12345678",
            "P@ssw0rd!P@ssw0rd!",
            "123456789012345",
            "aaaaaaaaaaaaaaaa",
            "qwertyuiopasdfghjkl",
            "abcabcabcabcabcabc",
            "drowssapdrowssap",
        ] {
            let rule = PasswordRule::ONLY_FACTOR;
            assert_eq!(problem(rule, password), Some(PasswordProblem::Common), "{password}");
        }
        for password in ["trustno1", "Sunshine", "1qaz2wsx", "baseball1", "jennifer", "l1verp00l"] {
            let rule = PasswordRule::WITH_SECOND_FACTOR;
            assert_eq!(problem(rule, password), Some(PasswordProblem::Common), "{password}");
        }
    }

    #[test]
    fn r54_the_persons_own_words_are_refused() {
        let context = ["alexandria.lee", "alexandria.lee@harbour-works.example", "Zoë Van Orden"];
        let context = context.map(str::to_owned);
        for password in [
            "alexandria-alexandria1",
            "Alexandria.Lee@2026",
            "harbour-works harbour-works",
            "zoë van orden zoë van orden",
            "tessera-alexandria-1",
        ] {
            let judged = PasswordRule::ONLY_FACTOR.judge(password, &context);
            assert!(
                matches!(judged.problem, Some(PasswordProblem::Context | PasswordProblem::Common)),
                "{password}"
            );
            assert_eq!(judged.strength, Strength::Weak, "{password}");
        }
        let good = PasswordRule::ONLY_FACTOR.judge("correct horse battery staple", &context);
        assert_eq!(good, Judgement { problem: None, strength: Strength::Strong });
    }

    #[test]
    fn strength_grows_with_what_is_typed() {
        let mut before = Strength::Weak;
        for typed in ["hw7", "hw7 kq2", "hw7 kq2 z", "hw7 kq2 zæß vp9"] {
            let now = PasswordRule::ONLY_FACTOR.judge(typed, &[]).strength;
            assert!(now >= before, "{typed}");
            before = now;
        }
        assert_eq!(before, Strength::Strong);
        assert_eq!(PasswordRule::ONLY_FACTOR.judge("", &[]).strength, Strength::Weak);
    }

    /// Of a text that is longer than what the estimate sees, neither end hides the other.
    #[test]
    fn r54_the_whole_of_a_long_password_counts() {
        let rule = PasswordRule::ONLY_FACTOR;
        let (dull, good) = ("a".repeat(100), "hw7 kq2 zæß vp9 ");
        assert_eq!(problem(rule, &format!("{dull}{good}{good}")), None);
        assert_eq!(problem(rule, &format!("{good}{good}{dull}")), None);
        assert_eq!(problem(rule, &"a".repeat(200)), Some(PasswordProblem::Common));
    }

    /// It takes minutes when every meaning of every sign is tried.
    #[test]
    fn r56_no_text_is_expensive_to_judge() {
        let signs = "4@8({[<3691!|17|0$5+7%2".repeat(5);
        let judged = PasswordRule::ONLY_FACTOR.judge(&signs, std::slice::from_ref(&signs));
        assert_eq!(judged.problem, Some(PasswordProblem::Context));
        let judged = PasswordRule::ONLY_FACTOR.judge(&signs, &[]);
        assert_eq!(judged, Judgement { problem: None, strength: Strength::Strong });
    }
}
