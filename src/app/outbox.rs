//! What must be told to others: logout tokens for apps (OpenID Connect Back-Channel Logout 1.0).
//!
//! The rows are put in by the transaction that ends a session. Here they are delivered, in the
//! background: nobody's page waits for an app.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use tokio::task::JoinSet;

use crate::app::token::{sid, subject_of};
use crate::app::{Fault, Issuer, audit};
use crate::base::{ClientRowId, Clock, OutboxId, SessionId, Timestamp, UserId};
use crate::domain::{Actor, Client, Delivery, Event, Message, Occasion};
use crate::jose::{TokenType, sign};
use crate::rules::outbox::next_try;
use crate::store::{Store, audit as rows, clients, outbox, users};

/// Calls under way at the same time.
const CALLS: usize = 64;
/// Those to one app. One that hangs holds no more than these, whatever waits for it.
const CALLS_FOR_ONE: usize = 4;
/// Rows that are looked at to find some for apps that are not busy.
const LOOK_AT: i64 = 256;
/// Another process, a command for instance, may have put something in.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Whoever took a delivery reports within this time, or another takes it: a call lasts 5 s at most
/// (`security.md` R97).
const LEASE: Duration = Duration::from_secs(10);
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
    tasks: JoinSet<ClientRowId>,
    of: HashMap<ClientRowId, usize>,
}

impl Calls {
    /// Begins calls for what is due, as far as the limits go.
    async fn begin_due(&mut self, issuer: &Arc<Issuer>) -> Result<(), Fault> {
        while self.tasks.len() < CALLS {
            let now = issuer.now();
            let busy: Vec<ClientRowId> = self.busy().collect();
            let due = move |db: &mut _| outbox::list_due(db, now, &busy, LOOK_AT);
            let chosen = self.choose(issuer.store.read(due).await?);
            if chosen.is_empty() {
                return Ok(());
            }
            let take = move |db: &mut _| outbox::take_due(db, &chosen, now, now + LEASE);
            for delivery in issuer.store.write("take deliveries", take).await? {
                let client = delivery.message.client();
                *self.of.entry(client).or_default() += 1;
                let issuer = Arc::clone(issuer);
                self.tasks.spawn(async move {
                    deliver(&issuer, &delivery).await;
                    client
                });
            }
        }
        Ok(())
    }

    fn busy(&self) -> impl Iterator<Item = ClientRowId> {
        self.of.iter().filter(|(_, calls)| **calls >= CALLS_FOR_ONE).map(|(client, _)| *client)
    }

    /// As many of those due as may be called now.
    fn choose(&self, due: Vec<(OutboxId, ClientRowId)>) -> Vec<OutboxId> {
        let mut of = self.of.clone();
        let free = due.into_iter().filter(|(_, client)| {
            let calls = of.entry(*client).or_default();
            *calls += 1;
            *calls <= CALLS_FOR_ONE
        });
        free.map(|(id, _)| id).take(CALLS - self.tasks.len()).collect()
    }

    /// A call ended; one that panicked is nobody's, and its client's share is counted anew.
    fn ended(&mut self, client: Option<ClientRowId>) {
        let Some(client) = client else { return self.of.clear() };
        if let Some(calls) = self.of.get_mut(&client) {
            *calls -= 1;
            if *calls == 0 {
                self.of.remove(&client);
            }
        }
    }
}

/// Tries one delivery and notes how it went. When even that fails, its lease ends.
async fn deliver(issuer: &Issuer, delivery: &Delivery) {
    let (id, tried) = (delivery.id, attempt(issuer, delivery).await);
    let tried = match tried {
        Ok(tried) => tried,
        Err(fault) => {
            tracing::warn!(%fault, delivery = %id, "a delivery could not be made and will be tried again");
            return;
        }
    };
    let (now, created_at) = (issuer.now(), delivery.created_at);
    let next = next_try(created_at, now, u32::from_be_bytes(issuer.entropy.bytes()));
    if let Err(problem) = &tried {
        tracing::info!(delivery = %id, problem, "an app could not be told of a sign-out");
    }
    let event = match &tried {
        Ok(()) => Some(Event::LogoutTold { delivery: id }),
        Err(_) => next.is_none().then_some(Event::LogoutNotTold { delivery: id }),
    };
    let occasion = Occasion::inside(Actor::Server, now, issuer.entropy.as_ref());
    let row = event.map(|event| occasion.of(&event));
    let stored = row.clone();
    let noted = issuer.store.write("note delivery", move |db| {
        match &tried {
            Ok(()) => outbox::note_delivered(db, id, now)?,
            Err(problem) => outbox::note_failed(db, id, next, problem, now)?,
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

/// Sends a logout token. The inner result is what the app said.
async fn attempt(issuer: &Issuer, delivery: &Delivery) -> Result<Result<(), String>, Fault> {
    let Message::BackchannelLogout { client, session, user } = delivery.message;
    let found = issuer.store.read(move |db| clients::find_client(db, client)).await?;
    let Some((client, uri)) = found
        .and_then(|client| client.metadata.backchannel_logout_uri.clone().map(|uri| (client, uri)))
    else {
        return Ok(Err("the app has no logout address any more".to_owned()));
    };
    let token = logout_token(issuer, &client, delivery.id, session, user).await?;
    let said = issuer.outbound.post_form(&uri, &[("logout_token", &token)]).await;
    Ok(match said {
        // Back-Channel Logout §2.8: 200, and some frameworks make it 204.
        Ok(200..=299) => Ok(()),
        Ok(status) => Err(format!("the answer's status is {status}")),
        Err(problem) => Err(problem.to_string()),
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
    /// The app that is told.
    pub client: Option<Client>,
}

/// The deliveries that have not arrived, or with those that have; the first one first.
///
/// # Errors
/// When the store fails.
pub async fn list(store: &Store, with_delivered: bool) -> Result<Vec<Listed>, Fault> {
    let listed = store.read(move |db| {
        let deliveries = outbox::list_deliveries(db, with_delivered)?;
        let ids: HashSet<ClientRowId> = deliveries.iter().map(|one| one.message.client()).collect();
        let mut apps = HashMap::new();
        for id in ids {
            apps.insert(id, clients::find_client(db, id)?);
        }
        let listed = deliveries.into_iter().map(|delivery| {
            let client = apps.get(&delivery.message.client()).cloned().flatten();
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
