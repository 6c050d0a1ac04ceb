/// The pieces that common passwords are made of, without the digits and signs that people put
/// around them.
const STEMS: &[&str] = &[
    "password",
    "passw0rd",
    "p@ssword",
    "p@ssw0rd",
    "passwort",
    "kennwort",
    "motdepasse",
    "contraseña",
    "qwerty",
    "qwertz",
    "azerty",
    "qwertyuiop",
    "qwertzuiop",
    "azertyuiop",
    "asdfgh",
    "asdfghjkl",
    "yxcvbnm",
    "zxcvbnm",
    "1qaz2wsx",
    "qazwsx",
    "qazwsxedc",
    "letmein",
    "welcome",
    "willkommen",
    "iloveyou",
    "ichliebedich",
    "monkey",
    "dragon",
    "football",
    "fussball",
    "baseball",
    "basketball",
    "superman",
    "batman",
    "starwars",
    "pokemon",
    "minecraft",
    "master",
    "shadow",
    "sunshine",
    "princess",
    "computer",
    "internet",
    "michael",
    "jennifer",
    "charlie",
    "jordan",
    "secret",
    "geheim",
    "admin",
    "administrator",
    "root",
    "toor",
    "default",
    "changeme",
    "changeit",
    "trustno",
    "whatever",
    "hello",
    "hallo",
    "freedom",
    "summer",
    "winter",
    "spring",
    "autumn",
    "sommer",
    "herbst",
    "frühling",
    "login",
    "access",
    "test",
    "testing",
    "guest",
    "user",
    "username",
    "example",
    "temporary",
    "temp",
];

/// Whether a lower-case password is a common one: only stems, keyboard runs, digits and signs.
pub(super) fn is_common(lower: &str) -> bool {
    let mut rest = lower.to_owned();
    let mut stems: Vec<&str> = STEMS.to_vec();
    stems.sort_by_key(|stem| std::cmp::Reverse(stem.len()));
    for stem in stems {
        rest = rest.replace(stem, "");
    }
    let letters = rest.chars().filter(|c| c.is_alphabetic()).count();
    let was_stripped = rest.len() < lower.len();
    let is_digits = lower.chars().all(|c| !c.is_alphabetic()) && is_plain_number(lower);
    (was_stripped && letters < 4 && rest.chars().filter(char::is_ascii_digit).count() <= 8)
        || is_digits
}

/// Digits alone are guessed quickly at any length that people type.
fn is_plain_number(text: &str) -> bool {
    text.chars().filter(|c| !c.is_whitespace()).all(|c| c.is_ascii_digit())
}
