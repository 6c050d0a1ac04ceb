//! What must be told to others: logout tokens for apps (OpenID Connect Back-Channel Logout 1.0),
//! and mails for people.
//!
//! The rows are put in by the transaction that makes them true. Here they are delivered, in the
//! background: nobody's page waits for an app or a mail server.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use tokio::task::JoinSet;

use crate::app::token::{sid, subject_of};
use crate::app::{Fault, Issuer, audit, mail};
use crate::base::{ClientRowId, Clock, OutboxId, SessionId, Timestamp, UserId};
use crate::domain::{Actor, Client, Delivery, Event, Lane, Message, Occasion};
use crate::jose::{TokenType, sign};
use crate::rules::outbox::next_try;
use crate::store::{Db, Store, StoreError, Touched, audit as rows, clients, outbox, users};

/// Calls under way at the same time.
const CALLS: usize = 64;
/// Those to one app, or to the mail server. One that hangs holds no more than these, whatever waits for it.
const CALLS_FOR_ONE: usize = 4;
/// Rows that are looked at to find some for apps that are not busy.
const LOOK_AT: i64 = 256;
/// Another process, a command for instance, may have put something in.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Whoever took a delivery reports within this time, or another takes it: a call lasts 5 s at most
/// (`security.md` R97).
const LEASE: Duration = Duration::from_secs(10);
/// Mail servers take their time (RFC 5321 §4.5.3.2); we give them 45 s.
const MAIL_LEASE: Duration = Duration::from_secs(60);
/// Back-Channel Logout §2.4 recommends two minutes at most.
const TOKEN_FOR: Duration = Duration::from_secs(120);

/// Delivers what is due, for ever. Dropped, it leaves what it took to whoever comes next.
pub async fn keep_delivering(issuer: Arc<Issuer>) {
    let mut calls = Calls::default();
    loop {
        if let Err(fault) = calls.begin_due(&issuer).await {
            tracing::warn!(%fault, "what is due could not be read and will be tried again");
        }
        tokio::select! {
            Some(ended) = calls.tasks.join_next() => calls.ended(ended.ok()),
            () = issuer.has_something_to_tell() => {}
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    }
}

/// The calls under way.
#[derive(Default)]
struct Calls {
    tasks: JoinSet<Lane>,
    of: HashMap<Lane, usize>,
}

impl Calls {
    /// Begins calls for what is due, as far as the limits go.
    async fn begin_due(&mut self, issuer: &Arc<Issuer>) -> Result<(), Fault> {
        while self.tasks.len() < CALLS {
            let now = issuer.now();
            let busy: Vec<Lane> = self.busy().collect();
            let due = move |db: &mut _| outbox::list_due(db, now, &busy, LOOK_AT);
            let chosen = self.choose(issuer.store.read(due).await?);
            if chosen.is_empty() {
                return Ok(());
            }
            let take = move |db: &mut _| take(db, &chosen, now);
            for delivery in
                issuer.store.write_touching(Touched::Nothing, "take deliveries", take).await?
            {
                let lane = delivery.message.lane();
                *self.of.entry(lane).or_default() += 1;
                let issuer = Arc::clone(issuer);
                self.tasks.spawn(async move {
                    deliver(&issuer, &delivery).await;
                    lane
                });
            }
        }
        Ok(())
    }

    fn busy(&self) -> impl Iterator<Item = Lane> {
        self.of.iter().filter(|(_, calls)| **calls >= CALLS_FOR_ONE).map(|(lane, _)| *lane)
    }

    /// As many of those due as may be called now.
    fn choose(&self, due: Vec<(OutboxId, Lane)>) -> Vec<(OutboxId, Lane)> {
        let mut of = self.of.clone();
        let free = due.into_iter().filter(|(_, lane)| {
            let calls = of.entry(*lane).or_default();
            *calls += 1;
            *calls <= CALLS_FOR_ONE
        });
        free.take(CALLS - self.tasks.len()).collect()
    }

    /// A call ended; one that panicked is nobody's, and its lane's share is counted anew.
    fn ended(&mut self, lane: Option<Lane>) {
        let Some(lane) = lane else { return self.of.clear() };
        if let Some(calls) = self.of.get_mut(&lane) {
            *calls -= 1;
            if *calls == 0 {
                self.of.remove(&lane);
            }
        }
    }
}

/// Takes deliveries, each for as long as its kind may last.
fn take(
    db: &mut Db,
    chosen: &[(OutboxId, Lane)],
    now: Timestamp,
) -> Result<Vec<Delivery>, StoreError> {
    let (mails, calls): (Vec<_>, Vec<_>) = chosen.iter().partition(|(_, lane)| *lane == Lane::Mail);
    let ids = |of: Vec<(OutboxId, Lane)>| of.into_iter().map(|(id, _)| id).collect::<Vec<_>>();
    let mut taken = outbox::take_due(db, &ids(calls), now, now + LEASE)?;
    taken.extend(outbox::take_due(db, &ids(mails), now, now + MAIL_LEASE)?);
    Ok(taken)
}

/// Why something did not arrive.
pub(crate) struct Missed {
    /// What the operator reads.
    pub(crate) problem: String,
    /// Whether trying again is of no use.
    pub(crate) is_final: bool,
}

impl Missed {
    /// It may arrive later.
    fn for_now(problem: impl Into<String>) -> Self {
        Self { problem: problem.into(), is_final: false }
    }
}

/// Tries one delivery and notes how it went. When even that fails, its lease ends.
async fn deliver(issuer: &Issuer, delivery: &Delivery) {
    let tried = match &delivery.message {
        Message::Mail(letter) => mail::deliver(issuer, letter, delivery.created_at).await,
        Message::BackchannelLogout { client, session, user } => {
            tell(issuer, delivery.id, *client, *session, *user).await
        }
    };
    let (id, kind) = (delivery.id, delivery.message.kind());
    let tried = match tried {
        Ok(tried) => tried,
        Err(fault) => {
            tracing::warn!(%fault, delivery = %id, "a delivery could not be made and will be tried again");
            return;
        }
    };
    let (now, created_at) = (issuer.now(), delivery.created_at);
    let next = next_try(created_at, now, u32::from_be_bytes(issuer.entropy.bytes()));
    let next = next.filter(|_| !tried.as_ref().is_err_and(|missed| missed.is_final));
    if let Err(Missed { problem, .. }) = &tried {
        tracing::info!(delivery = %id, kind, problem, "not delivered");
    }
    let event = match &tried {
        Ok(()) => Some(arrived(delivery)),
        Err(_) => next.is_none().then(|| given_up(delivery)),
    };
    let occasion = Occasion::inside(Actor::Server, now, issuer.entropy.as_ref());
    let row = event.map(|event| occasion.of(&event));
    let stored = row.clone();
    let noted = issuer.store.write("note delivery", move |db| {
        match &tried {
            Ok(()) => outbox::note_delivered(db, id, now)?,
            Err(missed) => outbox::note_failed(db, id, next, &missed.problem, now)?,
        }
        stored.as_ref().map_or(Ok(()), |row| rows::record(db, row))
    });
    match noted.await {
        Ok(()) => row.iter().for_each(audit::log),
        Err(error) => {
            tracing::warn!(%error, delivery = %id, "how a delivery went could not be noted");
        }
    }
}

fn arrived(delivery: &Delivery) -> Event {
    match &delivery.message {
        Message::BackchannelLogout { .. } => Event::LogoutTold { delivery: delivery.id },
        Message::Mail(letter) => {
            Event::MailSent { delivery: delivery.id, kind: letter.kind.clone() }
        }
    }
}

fn given_up(delivery: &Delivery) -> Event {
    match &delivery.message {
        Message::BackchannelLogout { .. } => Event::LogoutNotTold { delivery: delivery.id },
        Message::Mail(letter) => {
            Event::MailNotSent { delivery: delivery.id, kind: letter.kind.clone() }
        }
    }
}

/// Sends a logout token. The inner result is what the app said.
async fn tell(
    issuer: &Issuer,
    id: OutboxId,
    client: ClientRowId,
    session: SessionId,
    user: UserId,
) -> Result<Result<(), Missed>, Fault> {
    let found = issuer.store.read(move |db| clients::find_client(db, client)).await?;
    let Some((client, uri)) = found
        .and_then(|client| client.metadata.backchannel_logout_uri.clone().map(|uri| (client, uri)))
    else {
        return Ok(Err(Missed::for_now("the app has no logout address any more")));
    };
    let token = logout_token(issuer, &client, id, session, user).await?;
    let said = issuer.outbound.post_form(&uri, &[("logout_token", &token)]).await;
    Ok(match said {
        // Back-Channel Logout §2.8: 200, and some frameworks make it 204.
        Ok(200..=299) => Ok(()),
        Ok(status) => Err(Missed::for_now(format!("the answer's status is {status}"))),
        Err(problem) => Err(Missed::for_now(problem.to_string())),
    })
}

/// A logout token (Back-Channel Logout §2.4), signed as the client's ID tokens are. A later try
/// has the same `jti` and another `iat` (`security.md` R106).
async fn logout_token(
    issuer: &Issuer,
    client: &Client,
    id: OutboxId,
    session: SessionId,
    user: UserId,
) -> Result<String, Fault> {
    let now = issuer.now();
    let person = issuer.store.read(move |db| users::find_user(db, user)).await?;
    let mut claims = json!({
        "iss": issuer.url(),
        "aud": client.client_id,
        "iat": now.as_seconds(),
        "exp": (now + TOKEN_FOR).as_seconds(),
        "jti": id.to_string(),
        "events": { EVENT: {} },
        "sid": sid(issuer, session, client.id),
    });
    // A public `sub` goes with its account; `sid` names the session all the same.
    if let Some(sub) = subject_of(issuer, client, user, person.as_ref()) {
        claims["sub"] = json!(sub);
    }
    let key = issuer.keys.signing_key(issuer, client.id_token_algorithm()).await?;
    Ok(sign(&key, TokenType::LogoutToken, &claims)?)
}

const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// A delivery as its operator sees it.
pub struct Listed {
    /// The delivery.
    pub delivery: Delivery,
    /// The app that is told, when it is one and is still there.
    pub client: Option<Client>,
}

/// The deliveries that have not arrived, or with those that have; the first one first.
///
/// # Errors
/// When the store fails.
pub async fn list(store: &Store, with_delivered: bool) -> Result<Vec<Listed>, Fault> {
    let listed = store.read(move |db| {
        let deliveries = outbox::list_deliveries(db, with_delivered)?;
        let ids: HashSet<ClientRowId> =
            deliveries.iter().filter_map(|one| one.message.client()).collect();
        let mut apps = HashMap::new();
        for id in ids {
            apps.insert(id, clients::find_client(db, id)?);
        }
        let listed = deliveries.into_iter().map(|delivery| {
            let client = delivery.message.client();
            let client = client.and_then(|client| apps.get(&client).cloned().flatten());
            Listed { delivery, client }
        });
        Ok(listed.collect())
    });
    Ok(listed.await?)
}

/// Has one delivery tried at once, or all that have not arrived. One that was given up gets one
/// more try. Says how many there are.
///
/// # Errors
/// When the store fails.
pub async fn retry(store: &Store, clock: &dyn Clock, id: Option<OutboxId>) -> Result<usize, Fault> {
    let now: Timestamp = clock.now();
    Ok(store.write("retry deliveries", move |db| outbox::retry(db, id, now)).await?)
}
