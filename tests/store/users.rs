use tessera::base::{SystemEntropy, UserId};
use tessera::domain::{Identifier, User};
use tessera::store::{StoreError, session_grants, users};

use super::backends::{Backend, Bench, sql};
use super::records::{NOW, client, consent, session, user};

fn typed(text: &str) -> Identifier {
    Identifier::parse(text).unwrap()
}

pub(super) async fn a_user_is_found_as_stored(bench: Bench) {
    let ada = user("ada");
    let stored = ada.clone();
    bench.write(move |db| users::insert_user(db, &stored)).await;
    let id = ada.id;
    assert_eq!(bench.read(move |db| users::find_user(db, id)).await, Some(ada.clone()));
    for text in ["ada", "ada@example.com", " ADA "] {
        let found = bench.read(move |db| users::find_user_by_identifier(db, &typed(text))).await;
        assert_eq!(found, Some(ada.clone()), "{text}");
    }
    let bob = user("bob");
    let stored = bob.clone();
    bench.write(move |db| users::insert_user(db, &stored)).await;
    assert_eq!(bench.read(users::count_users).await, 2);
    assert_eq!(bench.read(users::list_users).await, [ada, bob]);
}

/// SQLite takes 32,766 values in a statement.
pub(super) async fn more_people_are_listed_than_a_statement_takes_values(bench: Bench) {
    const PEOPLE: usize = 33_000;
    let ada = user("ada");
    let first = ada.clone();
    bench.write(move |db| users::insert_user(db, &first)).await;
    let (numbers, id, twelve) = match bench.backend {
        Backend::Postgres => (
            "generate_series(2, 33000) AS numbers (n)",
            "decode(md5(n::text), 'hex')",
            "right('00000000000' || n, 12)",
        ),
        _ => (
            "(WITH RECURSIVE numbers (n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM numbers \
             WHERE n < 33000) SELECT n FROM numbers)",
            "randomblob(16)",
            "substr('00000000000' || n, -12)",
        ),
    };
    let many = format!(
        "INSERT INTO users (id, subject, username, is_email_verified, claims, is_admin, created_at, \
         updated_at) SELECT {id}, '00000000-0000-4000-8000-' || {twelve}, 'many_' || n, FALSE, '{{}}', \
         n % 1000 = 0, 0, 0 FROM {numbers}; \
         INSERT INTO memberships SELECT id, 'all' FROM users WHERE username LIKE 'many_%'"
    );
    bench.write(move |db| sql(db, &many)).await;
    let all = bench.read(users::list_users).await;
    assert_eq!(all.len(), PEOPLE);
    assert_eq!(all[0], ada);
    assert!(all[1..].iter().all(|user| user.groups == ["all"]));
    let admins = bench.read(users::list_admins).await;
    let wanted: Vec<User> = all.into_iter().filter(|user| user.is_admin).collect();
    assert_eq!((admins.len(), &admins), (33, &wanted));
    let one = admins[0].id;
    bench.write(move |db| users::set_user_disabled(db, one, Some(NOW))).await;
    assert_eq!(bench.read(users::list_admins).await, wanted[1..]);
}

pub(super) async fn nobody_is_found_in_an_empty_store(bench: Bench) {
    let nobody = UserId::new(NOW, &SystemEntropy);
    assert_eq!(bench.read(move |db| users::find_user(db, nobody)).await, None);
    let by_name = bench.read(|db| users::find_user_by_identifier(db, &typed("nobody"))).await;
    assert_eq!(by_name, None);
    assert_eq!(bench.read(users::count_users).await, 0);
    assert_eq!(bench.read(users::list_users).await, []);
    assert!(!bench.write(move |db| users::delete_user(db, nobody)).await);
    assert!(!bench.write(move |db| users::set_user_password(db, nobody, "hash")).await);
    assert!(!bench.write(move |db| users::set_user_disabled(db, nobody, None)).await);
    assert!(!bench.write(move |db| users::replace_password_hash(db, nobody, "a", "b")).await);
}

pub(super) async fn what_is_taken_is_named_alike(bench: Bench) {
    let ada = user("ada");
    let stored = ada.clone();
    bench.write(move |db| users::insert_user(db, &stored)).await;
    let mut same_name = user("ada");
    same_name.email = None;
    let mut same_email = user("other");
    same_email.email.clone_from(&ada.email);
    let mut same_subject = user("third");
    same_subject.subject = ada.subject.clone();
    let cases = [
        (same_name, "users.username"),
        (same_email, "users.email"),
        (same_subject, "users.subject"),
    ];
    for (taken, column) in cases {
        let error = bench.refused(move |db| users::insert_user(db, &taken)).await;
        assert_eq!(error, StoreError::Unique(column.to_owned()));
    }
    assert_eq!(bench.read(users::count_users).await, 1);
}

/// What a person types must name one account, and who signed up is called by their address.
pub(super) async fn a_name_is_of_one_account_be_it_username_or_address(bench: Bench) {
    let mut ada = user("ada");
    ada.username = "ada@example.com".to_owned();
    ada.email = Some("ada@example.org".to_owned());
    bench.write(move |db| users::insert_user(db, &ada)).await;
    let mut by_address = user("eve");
    by_address.email = Some("ada@example.com".to_owned());
    let mut by_username = user("bob");
    by_username.username = "ada@example.org".to_owned();
    for crossed in [by_address, by_username] {
        let error = bench.refused(move |db| users::insert_user(db, &crossed)).await;
        assert_eq!(error, StoreError::Unique("users.email".to_owned()));
    }
    bench.write(|db| users::insert_user(db, &user("fay"))).await;
}

pub(super) async fn two_users_may_lack_an_email_address(bench: Bench) {
    for name in ["one", "two"] {
        let mut without = user(name);
        without.email = None;
        bench.write(move |db| users::insert_user(db, &without)).await;
    }
    assert_eq!(bench.read(users::count_users).await, 2);
}

pub(super) async fn an_update_replaces_values_and_groups(bench: Bench) {
    let (mut ada, bob) = (user("ada"), user("bob"));
    let stored = (ada.clone(), bob.clone());
    bench
        .write(move |db| {
            users::insert_user(db, &stored.0)?;
            users::insert_user(db, &stored.1)
        })
        .await;
    ada.email = None;
    ada.password_hash = None;
    ada.groups = vec!["finance".to_owned()];
    ada.disabled_at = Some(NOW);
    let changed = ada.clone();
    bench.write(move |db| users::update_user(db, &changed)).await;
    let id = ada.id;
    assert_eq!(bench.read(move |db| users::find_user(db, id)).await, Some(ada.clone()));
    let id = bob.id;
    assert_eq!(bench.read(move |db| users::find_user(db, id)).await, Some(bob));
    ada.username = "bob".to_owned();
    let error = bench.refused(move |db| users::update_user(db, &ada)).await;
    assert_eq!(error, StoreError::Unique("users.username".to_owned()));
}

pub(super) async fn single_values_of_a_user_change(bench: Bench) {
    let mut ada = user("ada");
    let (id, stored) = (ada.id, ada.clone());
    bench.write(move |db| users::insert_user(db, &stored)).await;
    assert!(!bench.write(move |db| users::replace_password_hash(db, id, "other", "x")).await);
    assert!(
        bench.write(move |db| users::replace_password_hash(db, id, "$argon2id$one", "x")).await
    );
    assert!(bench.write(move |db| users::set_user_disabled(db, id, Some(NOW))).await);
    let groups = vec!["z".to_owned()];
    ada.groups.clone_from(&groups);
    bench.write(move |db| users::set_user_groups(db, id, &groups)).await;
    ada.password_hash = Some("x".to_owned());
    ada.disabled_at = Some(NOW);
    assert_eq!(bench.read(move |db| users::find_user(db, id)).await, Some(ada.clone()));
    assert!(bench.write(move |db| users::demand_new_password(db, id)).await);
    assert!(bench.read(move |db| users::find_user(db, id)).await.unwrap().owes_new_password());
    assert!(bench.write(move |db| users::set_user_password(db, id, "y")).await);
    assert!(bench.write(move |db| users::set_user_disabled(db, id, None)).await);
    let found = bench.read(move |db| users::find_user(db, id)).await.unwrap();
    assert_eq!((found.password_hash.as_deref(), found.disabled_at), (Some("y"), None));
    assert!(!found.must_change_password, "it was chosen");
    let without = User { password_hash: None, ..found };
    bench.write(move |db| users::update_user(db, &without)).await;
    assert!(!bench.write(move |db| users::demand_new_password(db, id)).await, "there is none");
}

pub(super) async fn a_deleted_user_takes_along_what_hangs_on_it(bench: Bench) {
    use tessera::store::{clients, consents, grants, sessions};
    let (ada, app) = (user("ada"), client("app"));
    let here = session(&ada);
    let granted = super::records::grant(&here, &app);
    let (id, session_id, grant_id, app_id) = (ada.id, here.id, granted.id, app.id);
    bench
        .write(move |db| {
            users::insert_user(db, &ada)?;
            clients::insert_client(db, &app)?;
            sessions::insert_session(db, &here)?;
            consents::put_consent(db, &consent(&ada, &app))?;
            session_grants::insert_grant_of_live_session(db, &granted, None, NOW)
        })
        .await;
    assert!(bench.write(move |db| users::delete_user(db, id)).await);
    assert_eq!(bench.read(move |db| grants::find_grant(db, grant_id)).await, None);
    assert_eq!(bench.read(move |db| sessions::find_session(db, session_id)).await, None);
    assert_eq!(bench.read(move |db| consents::find_consent(db, id, app_id)).await, None);
    assert!(bench.read(move |db| clients::find_client(db, app_id)).await.is_some());
}

pub(super) async fn a_row_without_its_parent_is_refused(bench: Bench) {
    use tessera::store::sessions;
    let orphan = session(&user("never_stored"));
    let error = bench.refused(move |db| sessions::insert_session(db, &orphan)).await;
    assert_eq!(error, StoreError::ForeignKey);
}
