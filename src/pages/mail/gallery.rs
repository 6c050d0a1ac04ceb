use std::time::Duration;

use super::{Mail, MailFactor, MailFrame, WrittenMail};
use crate::base::Timestamp;
use crate::pages::Locale;

/// Every mail with sample data, by name: for the style guide, and for the tests.
pub fn mail_gallery(locale: Locale) -> Vec<(String, WrittenMail)> {
    let frame = MailFrame {
        locale,
        brand: "Tessera".to_owned(),
        issuer: "https://id.example.com".to_owned(),
        name: "Ada \"Countess\" King <b>".to_owned(),
        to: "ada@example.com".to_owned(),
        at: Timestamp::from_seconds(1_800_000_000),
        device: Some("Firefox & <Linux>".to_owned()),
        network: Some("192.0.2.7".to_owned()),
    };
    let written = samples().into_iter().filter_map(|mail| {
        let name = format!("mail-{}", mail.kind().replace('_', "-"));
        Some((name, mail.write(&frame).ok()?))
    });
    written.collect()
}

fn samples() -> Vec<Mail> {
    let minutes = |minutes: u64| Duration::from_secs(minutes * 60);
    let path = || Some("/verify".to_owned());
    vec![
        Mail::VerificationCode { code: "482913".to_owned(), valid_for: minutes(15), path: path() },
        Mail::ResetCode { code: "482913".to_owned(), valid_for: minutes(15), path: None },
        Mail::EmailChangedFrom { new: "ada@new.example.com".to_owned() },
        Mail::EmailChangedTo,
        Mail::AddressAskedFor,
        Mail::PasswordChanged,
        Mail::NewSignIn,
        Mail::SignInDisowned,
        Mail::FactorAdded { factor: MailFactor::Passkey },
        Mail::FactorRemoved { factor: MailFactor::Totp },
        Mail::RecoveryCodesMade,
        Mail::RecoveryCodesLow { left: 3 },
        Mail::ConsentGiven { app: "Notes & <Drafts>".to_owned() },
        Mail::AccountDisabled,
        Mail::DeletionAsked { at: Timestamp::from_seconds(1_800_604_800) },
        Mail::AccountKept,
        Mail::AccountDeleted,
        Mail::AlreadyRegistered,
        Mail::Invitation { path: "/invitation".to_owned(), valid_for: minutes(7 * 24 * 60) },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> impl Iterator<Item = (Locale, String, WrittenMail)> {
        let of =
            |locale| mail_gallery(locale).into_iter().map(move |(name, mail)| (locale, name, mail));
        Locale::ALL.into_iter().flat_map(of)
    }

    #[test]
    fn every_mail_is_whole_in_every_language() {
        assert_eq!(all().count(), samples().len() * Locale::ALL.len());
        for (locale, name, mail) in all() {
            for part in [&mail.subject, &mail.text, &mail.html] {
                assert!(!part.is_empty(), "{name}");
                for hole in ["⟦", "{$", "{{"] {
                    assert!(!part.contains(hole), "{name}: {hole} in {part}");
                }
            }
            assert!(mail.html.contains(&format!("<html lang=\"{}\"", locale.tag())), "{name}");
            assert!(mail.text.contains("2027-01-15 08:00 UTC"), "{name}: {}", mail.text);
        }
    }

    #[test]
    fn names_of_mails_and_their_subjects_differ() {
        let mut names: Vec<_> =
            mail_gallery(Locale::En).into_iter().map(|(name, _)| name).collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), samples().len());
    }

    #[test]
    fn r66_links_begin_with_the_issuer_and_nothing_foreign_is_loaded() {
        for (_, name, mail) in all() {
            for text in [&mail.text, &mail.html] {
                for rest in text.split("://").skip(1) {
                    assert!(rest.starts_with("id.example.com"), "{name}: {rest}");
                }
            }
            for loaded in ["<img", "<link", "<script", "src=", "url(", "@import", "<style"] {
                assert!(!mail.html.contains(loaded), "{name}: {loaded}");
            }
        }
        let frame = MailFrame {
            locale: Locale::En,
            brand: "Tessera".to_owned(),
            issuer: "https://id.example.com".to_owned(),
            name: String::new(),
            to: "ada@example.com".to_owned(),
            at: Timestamp::from_seconds(0),
            device: None,
            network: None,
        };
        for path in ["@evil.example", "//evil.example", ".evil.example", "/fine"] {
            let valid_for = Duration::from_secs(60);
            let mail = Mail::Invitation { path: path.to_owned(), valid_for }.write(&frame).unwrap();
            let (_, link) = mail.text.split_once("https://").unwrap();
            assert!(link.starts_with("id.example.com/"), "{link}");
        }
    }

    #[test]
    fn r91_what_people_are_called_is_escaped_and_stays_in_its_line() {
        for (_, name, mail) in all() {
            for raw in ["<b>", "<Linux>", "<of>", "<Drafts>"] {
                assert!(!mail.html.contains(raw), "{name}: {raw}");
            }
            assert!(mail.text.contains("Ada \"Countess\" King <b>"), "{name}: {}", mail.text);
        }
    }

    #[test]
    fn a_code_stands_first_in_the_subject_and_on_a_line_of_its_own() {
        for (_, name, mail) in all() {
            let is_code = name.ends_with("-code");
            assert_eq!(mail.subject.starts_with("482913"), is_code, "{name}: {}", mail.subject);
            assert_eq!(mail.text.lines().any(|line| line.trim() == "482913"), is_code, "{name}");
        }
    }
}
