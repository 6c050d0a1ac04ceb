//! Every page state with sample data: for the style guide, and for the tests that look at pages.

mod account;
mod account_security;
mod activity;
mod email;
mod errors;
mod homes;
mod interactions;
mod invitation;
mod own_data;
mod recovery;
mod second_factor;
mod setup;
mod sign_up;

use super::{AccountView, AppView, Locale, Page, Shell};

type State = (&'static str, Box<dyn Page>);

/// Every state by name, rendered. The names hold long words and signs that HTML gives a meaning,
/// to show that both are dealt with.
pub fn gallery(locale: Locale) -> Vec<(&'static str, String)> {
    let shell = shell(locale);
    let states = interactions::states(&shell)
        .into_iter()
        .chain(second_factor::states(&shell))
        .chain(homes::states(&shell))
        .chain(account::states(&shell))
        .chain(account_security::states(&shell))
        .chain(activity::states(&shell))
        .chain(setup::states(&shell))
        .chain(own_data::states(&shell))
        .chain(email::states(&shell))
        .chain(recovery::states(&shell))
        .chain(sign_up::states(&shell))
        .chain(invitation::states(&shell))
        .chain(errors::states(&shell));
    states
        .map(|(name, page)| (name, page.render().unwrap_or_else(|error| error.to_string())))
        .collect()
}

fn shell(locale: Locale) -> Shell {
    Shell {
        locale,
        brand: "Tessera".to_owned(),
        is_dev: false,
        is_insecure: false,
        reference: "x7Kq2Lm9Pz4A".to_owned(),
        language_links: true,
    }
}

fn in_development(shell: &Shell) -> Shell {
    Shell { is_dev: true, is_insecure: true, ..shell.clone() }
}

fn app() -> AppView {
    AppView {
        name: "Notes & <Drafts>".to_owned(),
        host: "notes.example.com".to_owned(),
        logo: None,
        is_unverified: false,
        policy_uri: Some("https://notes.example.com/privacy?for=\"all\"".to_owned()),
        tos_uri: Some("https://notes.example.com/terms".to_owned()),
    }
}

fn person() -> AccountView {
    AccountView {
        name: "Ada Lovelace".to_owned(),
        username: "ada".to_owned(),
        email: Some("ada@example.com".to_owned()),
    }
}

fn long_person() -> AccountView {
    AccountView {
        name: "Wolfeschlegelsteinhausenbergerdorff \"Wolf\" O'Neil <b>".to_owned(),
        username: "wolf".to_owned(),
        email: Some(
            "a.very.long.address.that.does.not.end@department.university.example".to_owned(),
        ),
    }
}

fn nameless_person() -> AccountView {
    AccountView { name: String::new(), username: "<grace>".to_owned(), email: None }
}

#[cfg(test)]
mod tests {
    use super::super::{Locale, assets};
    use super::gallery;

    #[test]
    fn r91_what_apps_and_people_say_is_escaped() {
        for locale in Locale::ALL {
            for (name, html) in gallery(locale) {
                for raw in ["<Drafts>", "<script>alert", "<b>", "<grace>", "=\"all\"", "ada\"<"] {
                    assert!(!html.contains(raw), "{name}: {raw}");
                }
            }
        }
    }

    #[test]
    fn every_state_is_a_whole_page() {
        for locale in Locale::ALL {
            for (name, html) in gallery(locale) {
                assert!(html.starts_with("<!doctype html>"), "{name}");
                assert!(html.contains(&format!("<html lang=\"{}\"", locale.tag())), "{name}");
                for tag in ["<h1", "<main ", "<title>", "name=\"viewport\""] {
                    assert_eq!(html.matches(tag).count(), 1, "{name}: {tag}");
                }
                let (_, rest) = html.split_once("<main ").expect("main");
                let (main, _) = rest.split_once("</main>").expect("its end");
                let onward = ["<a ", "type=\"submit\""];
                assert!(onward.iter().any(|way| main.contains(way)), "{name} leads nowhere");
            }
        }
    }

    #[test]
    fn every_word_and_every_gap_is_filled() {
        for locale in Locale::ALL {
            for (name, html) in gallery(locale) {
                // What the catalogue gives for a key or an argument that it does not know.
                for hole in ["⟦", "{$"] {
                    assert!(!html.contains(hole), "{name}: {hole}");
                }
            }
        }
    }

    #[test]
    fn an_arabic_page_runs_from_right_to_left_and_marks_names_in_its_text_alone() {
        for (name, html) in gallery(Locale::Ar) {
            assert!(html.contains("<html lang=\"ar\" dir=\"rtl\">"), "{name}");
            let title = html.split("<title>").nth(1).and_then(|rest| rest.split('<').next());
            let attributes = html.split("=\"").skip(1).filter_map(|rest| rest.split('"').next());
            for text in attributes.chain(title) {
                assert!(!text.contains(['\u{2068}', '\u{2069}']), "{name}: {text}");
            }
        }
        assert!(gallery(Locale::Ar).iter().any(|(_, html)| html.contains('\u{2068}')));
        assert!(!gallery(Locale::De).iter().any(|(_, html)| html.contains("dir=\"rtl\"")));
    }

    #[test]
    fn ids_are_used_once_and_references_to_them_resolve() {
        for (name, html) in gallery(Locale::En) {
            let values = |attribute: &str| -> Vec<String> {
                let parts = html.split(attribute).skip(1);
                parts.filter_map(|rest| Some(rest.split_once('"')?.0.to_owned())).collect()
            };
            let mut ids = values(" id=\"");
            let count = ids.len();
            ids.sort();
            ids.dedup();
            assert_eq!(ids.len(), count, "{name}");
            for attribute in
                [" for=\"", " aria-describedby=\"", " aria-controls=\"", " data-copy=\""]
            {
                for list in values(attribute) {
                    for id in list.split(' ') {
                        assert!(ids.iter().any(|known| known == id), "{name}: {attribute}{id}");
                    }
                }
            }
        }
    }

    #[test]
    fn r93_pages_hold_nothing_inline_and_nothing_foreign() {
        for (name, html) in gallery(Locale::En) {
            for inline in [" style=", "<style", " onclick=", " onload=", "javascript:"] {
                assert!(!html.contains(inline), "{name}: {inline}");
            }
            for tag in html.split('<').filter(|tag| {
                tag.starts_with("script") || tag.starts_with("link") || tag.starts_with("img")
            }) {
                assert!(tag.contains("=\"/static/"), "{name}: {tag}");
                assert!(!tag.contains("/static/-/"), "{name} names a file that is not there");
            }
        }
    }

    #[test]
    fn errors_say_so_in_the_title() {
        for (name, html) in gallery(Locale::En) {
            let is_error =
                html.contains("id=\"error-page\"") || html.contains("id=\"error-summary\"");
            assert_eq!(html.contains("<title>Error: "), is_error, "{name}");
        }
    }

    #[test]
    fn the_sign_in_page_is_small() {
        let (_, html) = gallery(Locale::En).swap_remove(0);
        let css = assets::find(assets::url("tessera.css").trim_start_matches("/static/"))
            .expect("styles");
        assert!(html.len() + css.bytes.len() < 20 * 1024, "{} bytes", html.len() + css.bytes.len());
    }
}
