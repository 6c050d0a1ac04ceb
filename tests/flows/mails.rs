//! Mails: each arrives once, whatever happens meanwhile, and nothing of it stands open.

use std::time::Duration;

use tessera::app::mail::Recipient;
use tessera::app::outbox::{self, Listed};
use tessera::domain::{DeliveryState, Message};
use tessera::pages::Mail;
use tessera::store::{Location, outbox as queries};

use crate::support::{MailServer, Options, PASSWORD, TestApp};

const CODE: &str = "482913";

fn code() -> Mail {
    let valid_for = Duration::from_secs(15 * 60);
    Mail::VerificationCode { code: CODE.to_owned(), valid_for, path: Some("/verify".to_owned()) }
}

fn ada() -> Recipient {
    let (name, address) = ("Ada Lovelace".to_owned(), "ada@example.com".to_owned());
    Recipient { name, address, ..Recipient::default() }
}

fn options(server: &MailServer) -> Options {
    Options { mail: Some(server.settings()), ..Options::default() }
}

/// Puts a mail into the outbox, if one may be written; says whether.
async fn put(app: &TestApp, to: &Recipient, mail: &Mail) -> bool {
    let Some(letter) = app.issuer.letter(to, mail).await.expect("written") else { return false };
    let now = app.issuer.now();
    let stored = app.store.write("put", move |db| queries::put_mail(db, &letter, now)).await;
    stored.expect("stored");
    true
}

/// The deliveries, as soon as all are as wanted.
async fn until(app: &TestApp, wanted: impl Fn(&Listed) -> bool) -> Vec<Listed> {
    let look = async {
        loop {
            let listed = outbox::list(&app.store, true).await.expect("the outbox");
            if listed.iter().all(&wanted) {
                return listed;
            }
        }
    };
    let limit = Duration::from_secs(60);
    tokio::time::timeout(limit, look).await.expect("the outbox is never as wanted")
}

fn is_delivered(listed: &Listed) -> bool {
    matches!(listed.delivery.state, DeliveryState::Delivered(_))
}

fn sealed(listed: &Listed) -> &[u8] {
    let Message::Mail(letter) = &listed.delivery.message else { panic!("no mail") };
    &letter.sealed
}

/// A folder for a database, gone at the end.
struct Folder(std::path::PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let name = format!("tessera-{name}-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).expect("a folder");
        Self(folder)
    }

    fn location(&self) -> Location {
        Location::SqliteFile(self.0.join("tessera.db"))
    }

    fn holds(&self, needle: &str) -> bool {
        let files = std::fs::read_dir(&self.0).expect("the folder").flatten();
        let mut all = files.map(|file| std::fs::read(file.path()).expect("a file"));
        all.any(|bytes| bytes.windows(needle.len()).any(|window| window == needle.as_bytes()))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[actix_web::test]
async fn a_mail_has_its_headers_and_both_forms() {
    let server = MailServer::start().await;
    let app = TestApp::with(options(&server)).await;
    assert!(app.issuer.can_mail());
    assert!(put(&app, &ada(), &code()).await);
    let mails = server.until(1, 0).await;
    let listed = until(&app, is_delivered).await;
    let mail = &mails[0];
    assert_eq!(mail.recipients, ["ada@example.com"]);
    assert_eq!(mail.header("to"), ["\"Ada Lovelace\" <ada@example.com>"]);
    assert_eq!(mail.header("from"), ["Tessera <id@example.com>"]);
    assert_eq!(mail.header("reply-to"), ["help@example.com"]);
    assert_eq!(mail.header("auto-submitted"), ["auto-generated"]);
    assert_eq!(mail.header("date"), ["Fri, 15 Jan 2027 08:00:00 +0000"]);
    let id = format!("<{}@id.example.com>", listed[0].delivery.id);
    assert_eq!(mail.header("message-id"), [id.as_str()]);
    assert_eq!(mail.header("subject"), [format!("{CODE} is the code to confirm your address")]);
    for part in ["Content-Type: text/plain", "Content-Type: text/html"] {
        assert!(mail.raw.contains(part), "{}", mail.raw);
    }
    assert!(mail.raw.contains(&format!("{}/verify", app.url)), "{}", mail.raw);
    app.stop().await;
}

#[actix_web::test]
async fn of_two_processes_one_sends_each_mail() {
    let server = MailServer::start().await;
    let folder = Folder::new("mails-twice");
    let here = || Options { location: folder.location(), ..options(&server) };
    let (first, second) = (TestApp::with(here()).await, TestApp::with(here()).await);
    for number in 0..15 {
        let to = Recipient { address: format!("person{number}@example.com"), ..ada() };
        assert!(put(&first, &to, &Mail::PasswordChanged).await);
    }
    until(&first, is_delivered).await;
    let mut ids: Vec<String> =
        server.taken().iter().map(|mail| mail.header("message-id")[0].to_owned()).collect();
    assert_eq!(ids.len(), 15);
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 15);
    first.stop().await;
    second.stop().await;
}

#[actix_web::test]
async fn a_mail_survives_a_refusal_and_a_restart_sealed_and_is_erased_when_it_arrives() {
    let server = MailServer::start().await;
    let folder = Folder::new("mails-restart");
    let here = || Options { location: folder.location(), ..options(&server) };
    let app = TestApp::with(here()).await;
    server.refuse(451);
    assert!(put(&app, &ada(), &code()).await);
    server.until(0, 1).await;
    let listed = until(&app, |one| one.delivery.problem.is_some()).await;
    assert!(matches!(listed[0].delivery.state, DeliveryState::Waiting(_)));
    assert_eq!(listed[0].delivery.problem.as_deref(), Some("the mail server answered 451"));
    assert!(!sealed(&listed[0]).is_empty());
    app.stop().await;
    // The envelope says what kind of mail it is and little of the address; the rest is sealed.
    assert!(folder.holds("mail.verification_code") && folder.holds("a…@example.com"));
    for secret in [CODE, "Lovelace", "ada@example.com", "/verify"] {
        assert!(!folder.holds(secret), "{secret}");
    }
    let app = TestApp::with(here()).await;
    app.advance(Duration::from_secs(10));
    assert_eq!(server.until(1, 1).await.len(), 1);
    let listed = until(&app, is_delivered).await;
    assert_eq!(listed[0].delivery.tries, 2);
    assert!(sealed(&listed[0]).is_empty());
    app.stop().await;
}

#[actix_web::test]
async fn a_mail_that_is_refused_for_good_is_given_up_and_a_wrong_password_is_not() {
    let server = MailServer::start().await;
    let app = TestApp::with(options(&server)).await;
    for (code, is_final) in [(550, true), (535, false)] {
        server.refuse(code);
        assert!(put(&app, &ada(), &Mail::AccountDisabled).await);
        let listed = until(&app, |one| one.delivery.problem.is_some()).await;
        let said = format!("the mail server answered {code}");
        let one = listed.iter().find(|one| one.delivery.problem.as_ref() == Some(&said));
        let state = one.expect("its row").delivery.state;
        assert_eq!(matches!(state, DeliveryState::GivenUp(_)), is_final, "{state:?}");
    }
    assert!(server.taken().is_empty());
    app.stop().await;
}

#[actix_web::test]
async fn no_name_becomes_a_header() {
    let server = MailServer::start().await;
    let app = TestApp::with(options(&server)).await;
    let names = [
        "Ada\r\nBcc: eve@example.com",
        "Ada\nBcc: eve@example.com\n\nHello",
        "\"Ada\" <eve@example.com>, \"",
        "Ada\u{2028}Bcc: eve@example.com\u{0}",
        "Äda 🦀 Лавлейс",
        "a, eve@example.com; (b) \\",
    ];
    for name in names {
        let to = Recipient { name: name.to_owned(), ..ada() };
        assert!(put(&app, &to, &Mail::EmailChangedFrom { new: name.to_owned() }).await);
    }
    let mails = server.until(names.len(), 0).await;
    for mail in mails {
        assert_eq!(mail.recipients, ["ada@example.com"], "{}", mail.raw);
        for absent in ["bcc", "cc"] {
            assert!(mail.header(absent).is_empty(), "{}", mail.raw);
        }
        for once in ["to", "from", "subject", "message-id"] {
            assert_eq!(mail.header(once).len(), 1, "{}", mail.raw);
        }
        assert!(mail.header("to")[0].ends_with("<ada@example.com>"), "{}", mail.raw);
    }
    app.stop().await;
}

#[actix_web::test]
async fn an_address_that_is_none_is_given_up() {
    let server = MailServer::start().await;
    let app = TestApp::with(options(&server)).await;
    let address = "ada@example.com>\r\nRCPT TO:<eve@example.com".to_owned();
    assert!(put(&app, &Recipient { address, ..ada() }, &Mail::PasswordChanged).await);
    until(&app, |one| matches!(one.delivery.state, DeliveryState::GivenUp(_))).await;
    assert!(server.taken().is_empty());
    app.stop().await;
}

/// r73: by address and by account; the spelling of the address makes no difference.
#[actix_web::test]
async fn r73_mails_are_limited_by_address_and_by_account() {
    let server = MailServer::start().await;
    let app = TestApp::with(options(&server)).await;
    let allowed = async |to: &dyn Fn(usize) -> Recipient| {
        let mut allowed = 0;
        for number in 0..30 {
            let letter = app.issuer.letter(&to(number), &code()).await;
            allowed += usize::from(letter.expect("written").is_some());
        }
        allowed
    };
    let spelled = |number: usize| {
        let address = if number.is_multiple_of(2) { "ada@example.com" } else { " ADA@example.com" };
        Recipient { address: address.to_owned(), ..ada() }
    };
    assert_eq!(allowed(&spelled).await, 20);
    let user = app.user("bob").await.id;
    let many = |number| Recipient {
        user: Some(user),
        address: format!("bob{number}@example.com"),
        ..ada()
    };
    assert_eq!(allowed(&many).await, 20);
    app.advance(Duration::from_secs(60 * 60));
    assert_eq!(allowed(&spelled).await, 20);
    app.stop().await;
}

#[actix_web::test]
async fn without_a_mail_server_nothing_is_queued_and_development_shows_what_would_be_sent() {
    let app = TestApp::start().await;
    assert!(!app.issuer.can_mail());
    assert!(!put(&app, &ada(), &code()).await);
    assert_eq!(app.browser().get("/dev/mails").await.status, 404);
    app.stop().await;

    let app = TestApp::with(Options { is_dev: true, ..Options::default() }).await;
    assert!(app.issuer.can_mail());
    let to = Recipient { name: "<b>Ada</b>".to_owned(), ..ada() };
    assert!(put(&app, &to, &code()).await);
    until(&app, is_delivered).await;
    let page = app.browser().get("/dev/mails").await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains(CODE) && page.body.contains("ada@example.com"), "{}", page.body);
    assert!(!page.body.contains("<b>Ada"), "{}", page.body);
    let mail = app.browser().get("/dev/mails/1").await;
    assert!(mail.body.contains("style=") && mail.body.contains(CODE), "{}", mail.body);
    assert_eq!(app.browser().get("/dev/mails/2").await.status, 404);
    let guide = app.browser().get("/dev/styleguide").await.body;
    assert!(guide.contains("/dev/styleguide/mail-password-changed"), "{guide}");
    let sample = app.browser().get("/dev/styleguide/mail-password-changed").await;
    assert_eq!(sample.status, 200);
    app.stop().await;
}

#[actix_web::test]
async fn r71_a_new_password_and_a_new_factor_are_told_to_the_owner() {
    let server = MailServer::start().await;
    let app = TestApp::with(options(&server)).await;
    let user = app.user("ada").await;
    let mut ada = app.browser();
    let page = ada.get("/account/password").await;
    let page = ada.submit(&page, &[("username", "ada"), ("password", PASSWORD)]).await;
    let new = [("current", PASSWORD), ("password", "another horse and battery")];
    assert!(ada.submit(&page, &new).await.url.ends_with("done=password"));
    app.authenticator(&user).await;
    let mails = server.until(2, 0).await;
    let mut subjects: Vec<_> = mails.iter().flat_map(|mail| mail.header("subject")).collect();
    subjects.sort_unstable();
    assert_eq!(subjects, ["Your account has a new way to sign in", "Your password has changed"]);
    assert!(mails.iter().all(|mail| mail.recipients == ["ada@example.com"]));
    assert!(mails.iter().any(|mail| mail.raw.contains("Authenticator app")));
}
