//! Many uses of what proves an address at once (`security.md` R67): of each, one counts.

use std::collections::BTreeSet;

use tessera::base::AuditId;
use tessera::store::users;

use super::account_email::{ask, open, settled};
use super::race_course::{Course, Form, Reply, code_of, link_of, on_processes, on_sqlite};
use super::races::{AT_ONCE, Tally, rounds_or};
use crate::support::TestApp;

/// A round is dear: it waits for three mails.
fn rounds() -> usize {
    rounds_or(3)
}

async fn confirm(course: &Course, by_code: bool) {
    let way = if by_code { "code" } else { "link" };
    let what = format!("confirmations of an address by {way}");
    let mut tally = Tally::default();
    let desk = &course.desk;
    for number in 0..rounds() {
        let round = course.round(&format!("ada by {way}"), number);
        let user = desk.user(&round.person).await;
        let (before, mailed) = (changes(desk).await, course.mails.taken().len());
        let address = format!("new-{}", user.email.as_deref().expect("an address"));
        let mut browser = round.browser();
        ask(&mut browser, &round.person, &address).await;
        let mail = course.mails.mail_to(&address).await;
        let form = if by_code {
            let page = open(&mut browser, &round.person, "/account/email").await;
            Form::of(&browser, &page).with("code", &code_of(&mail))
        } else {
            let mut other = round.browser();
            let page = other.get(&link_of(&mail, "/email/")).await;
            Form::of(&other, &page)
        };
        let replies = round.post(&vec![form; AT_ONCE]).await;
        let is_done = |reply: &&Reply| matches!(reply.status, 200 | 303);
        tally.count(replies.iter().filter(is_done).count());
        // One change, one row, and a mail to either address.
        let new = changes(desk).await.difference(&before).count();
        assert_eq!(new, 1, "{way}, {}", course.place);
        let found = desk.store.read(move |db| users::find_user(db, user.id)).await.expect("read");
        assert_eq!(found.expect("the person").email, Some(address));
        course.mails.until(mailed + 3, 0).await;
        settled(desk).await;
        assert_eq!(course.mails.taken().len(), mailed + 3, "{way}, {}", course.place);
    }
    tally.check(course.place, &what);
}

/// The changes of an address that the trail tells of. It shows the last thousand rows, and so not all of them.
async fn changes(desk: &TestApp) -> BTreeSet<AuditId> {
    desk.rows_of("email_changed").await.iter().map(|row| row.id).collect()
}

async fn run(course: &Course) {
    confirm(course, true).await;
    confirm(course, false).await;
}

#[actix_web::test]
async fn r67_no_proof_of_an_address_counts_twice_on_sqlite() {
    on_sqlite("addresses", run).await;
}

#[test]
fn r67_no_proof_of_an_address_counts_twice_on_two_processes_over_postgres() {
    on_processes(run);
}
