//! Many uses of one code, one link, one invitation at once (`security.md` R68, R72): each makes one
//! account.

use tessera::app::invitations::{self, NewInvitation};
use tessera::store::users::count_users;

use super::race_course::{Course, Form, Reply, code_of, link_of, on_processes, on_sqlite};
use super::races::{AT_ONCE, Tally, rounds_or};
use super::sign_up::asked;
use crate::support::PASSWORD;

/// Rounds of each race: few in the usual run.
fn rounds() -> usize {
    rounds_or(2)
}

/// A form many times over.
fn many(form: &Form, fields: &[(&'static str, &str)]) -> Vec<Form> {
    let filled = fields.iter().fold(form.clone(), |form, (name, value)| form.with(name, value));
    vec![filled; AT_ONCE]
}

fn times(replies: &[Reply], wanted: u16) -> usize {
    replies.iter().filter(|reply| reply.status == wanted).count()
}

async fn accounts(course: &Course) -> usize {
    let count = course.desk.store.read(count_users).await.expect("a count");
    usize::try_from(count).expect("a count")
}

const ABOUT_EVE: [(&str, &str); 2] = [("name", "Eve"), ("password", PASSWORD)];

async fn codes(course: &Course) {
    let what = "codes of a new account";
    let mut tally = Tally::default();
    for number in 0..rounds() {
        let (round, before) = (course.round(what, number), accounts(course).await);
        let address = format!("{}@example.com", round.person);
        let mut browser = round.browser();
        let page = asked(&mut browser, &course.notes, &address).await;
        let code = code_of(&course.mails.mail_to(&address).await);
        let form = Form::of(&browser, &page).with("code", &code);
        round.post(&many(&form, &ABOUT_EVE)).await;
        tally.count(accounts(course).await - before);
    }
    tally.check(course.place, what);
}

async fn links(course: &Course) {
    let what = "links of a new account";
    let mut tally = Tally::default();
    for number in 0..rounds() {
        let (round, before) = (course.round(what, number), accounts(course).await);
        let address = format!("{}@example.com", round.person);
        asked(&mut round.browser(), &course.notes, &address).await;
        let path = link_of(&course.mails.mail_to(&address).await, "/sign-up/");
        let mut browser = round.browser();
        let page = browser.get(&path).await;
        let replies = round.post(&many(&Form::of(&browser, &page), &ABOUT_EVE)).await;
        assert_eq!(times(&replies, 200), 1, "one is told that the account is there");
        tally.count(accounts(course).await - before);
    }
    tally.check(course.place, what);
}

async fn invitations(course: &Course) {
    let what = "invitations";
    let mut tally = Tally::default();
    for number in 0..rounds() {
        let (round, before) = (course.round(what, number), accounts(course).await);
        let path = invited(course, format!("{}@example.com", round.person)).await;
        let mut browser = round.browser();
        let page = browser.get(&path).await;
        let replies = round.post(&many(&Form::of(&browser, &page), &ABOUT_EVE[1..])).await;
        assert_eq!(times(&replies, 303), 1, "one goes on to the account");
        tally.count(accounts(course).await - before);
    }
    tally.check(course.place, what);
}

/// The path of an invitation that makes an administrator.
async fn invited(course: &Course, email: String) -> String {
    let new = NewInvitation {
        email,
        username: None,
        name: None,
        groups: vec!["staff".to_owned()],
        is_admin: true,
        is_email_verified: false,
    };
    let made = invitations::invite(course.desk.operator(), new).await.expect("invited");
    made.path.expose().to_owned()
}

async fn run(course: &Course) {
    codes(course).await;
    links(course).await;
    invitations(course).await;
}

#[actix_web::test]
async fn r68_r72_of_fifty_uses_one_makes_an_account_on_sqlite() {
    on_sqlite("accounts", run).await;
}

#[test]
fn r68_r72_of_fifty_uses_one_makes_an_account_on_two_processes_over_postgres() {
    on_processes(run);
}
