//! The audit trail (`security.md` R125): what a use case hands to its transaction so that the row
//! commits with the change, and the sealing and judging of what was committed.

use crate::app::mail::PostOffice;
use crate::app::{ClientNetwork, Fault, Issuer};
use crate::base::{Clock, Digest, Entropy, Reference, Timestamp};
use crate::credentials::{Purpose, Sealer};
use crate::domain::{Actor, AuditRecord, Event, Occasion};
use crate::rules::audit::{Break, Chain};
use crate::rules::device::Device;
use crate::store::audit::{self, Wanted};
use crate::store::{Db, Store, Touched, users};

/// Where a request came from.
#[derive(Debug, Clone, Copy)]
pub struct Caller {
    /// The network.
    pub network: ClientNetwork,
    /// What the answer's `X-Request-Id` says.
    pub reference: Reference,
    device: Device,
}

impl Caller {
    /// Somebody in this network, with a browser that calls itself `user_agent`; empty when it says
    /// nothing.
    pub fn new(network: ClientNetwork, reference: Reference, user_agent: &str) -> Self {
        Self { network, reference, device: Device::of(user_agent) }
    }

    /// A guess at the browser, for its person to recognize.
    pub(super) fn device(self) -> Option<String> {
        self.device.text()
    }

    /// The occasion of something that `actor` does with this request.
    pub(super) fn occasion(self, actor: Actor, now: Timestamp, entropy: &dyn Entropy) -> Occasion {
        Occasion {
            network: Some(self.network.to_string()),
            device: self.device(),
            reference: Some(self.reference.to_string()),
            ..Occasion::inside(actor, now, entropy)
        }
    }

    /// The row that says that `event` happens now.
    pub(super) fn row(self, issuer: &Issuer, actor: Actor, event: &Event) -> AuditRecord {
        self.occasion(actor, issuer.now(), issuer.entropy.as_ref()).of(event)
    }
}

/// What accounts and clients are kept with, and on whose behalf.
#[derive(Clone, Copy)]
pub struct Operator<'a> {
    /// Where they are.
    pub store: &'a Store,
    /// What time it is.
    pub clock: &'a dyn Clock,
    /// Where randomness comes from.
    pub entropy: &'a dyn Entropy,
    /// Who does it.
    pub actor: &'a Actor,
    /// The request that asks for it, if it is one.
    pub caller: Option<Caller>,
    /// Who writes to the owner of a changed account, when mails are sent.
    pub post: Option<&'a PostOffice>,
}

/// The actor of every command.
pub const COMMAND: &Actor = &Actor::Command;

impl<'a> Operator<'a> {
    /// For a command on the host.
    pub const fn command(store: &'a Store, clock: &'a dyn Clock, entropy: &'a dyn Entropy) -> Self {
        Self { store, clock, entropy, actor: COMMAND, caller: None, post: None }
    }

    /// The same, with mails.
    pub const fn with_post(self, post: Option<&'a PostOffice>) -> Self {
        Self { post, ..self }
    }

    /// The occasion of what is done now.
    pub(super) fn occasion(&self) -> Occasion {
        let (actor, now) = (self.actor.clone(), self.clock.now());
        match self.caller {
            Some(caller) => caller.occasion(actor, now, self.entropy),
            None => Occasion::inside(actor, now, self.entropy),
        }
    }
}

/// The line of a row that was committed. It says what the row says.
pub(super) fn log(record: &AuditRecord) {
    let (target_kind, target_id) = record.target.clone().unzip();
    macro_rules! line {
        ($level:ident) => {
            tracing::$level!(
                target: "tessera::audit",
                event = record.event,
                outcome = record.outcome,
                actor_kind = record.actor_kind,
                actor_id = record.actor_id,
                target_kind,
                target_id,
                network = record.network,
                reference = record.reference,
                details = record.details,
                row = %record.id,
            )
        };
    }
    if record.outcome == "alarm" { line!(warn) } else { line!(info) }
}

/// A row of its own, for what changes nothing else.
pub(super) async fn record(store: &Store, row: AuditRecord) -> Result<(), Fault> {
    let stored = row.clone();
    store.write_touching(Touched::Nothing, "audit", move |db| audit::record(db, &stored)).await?;
    log(&row);
    Ok(())
}

/// Rows that one transaction seals.
const BATCH: i64 = 500;

fn key(sealer: &Sealer) -> [u8; 32] {
    sealer.purpose_key(Purpose::AuditChain)
}

/// Gives every row that was committed its place in the chain, and says how many there were. The
/// order of ids is that of time, but a row may be committed late, with an older id than rows that
/// have their place: it is sealed next. Any number of processes may do this at once. `sealed_one` is
/// told of each row once it has its place.
///
/// # Errors
/// When the store fails.
pub async fn seal(
    store: &Store,
    sealer: &Sealer,
    mut sealed_one: impl FnMut(&AuditRecord),
) -> Result<usize, Fault> {
    let key = key(sealer);
    let mut count = 0;
    loop {
        let sealed = store.write_touching(Touched::Nothing, "seal audit", move |db| {
            let rows = audit::list_unsealed(db, BATCH)?;
            if rows.is_empty() {
                return Ok((rows, None));
            }
            let mut chain = Chain::after(audit::find_head(db)?.as_ref());
            for row in &rows {
                audit::seal(db, row.id, &chain.seal(row, &key))?;
            }
            let head = chain.head();
            Ok((rows, Some(head)))
        });
        let (sealed, head) = sealed.await?;
        let Some((place, hash)) = head else { return Ok(count) };
        count += sealed.len();
        sealed.iter().for_each(&mut sealed_one);
        // Kept elsewhere, these lines tell when the end of the chain is cut off.
        tracing::info!(target: "tessera::audit", head = %written((place, hash)), "sealed the audit trail");
    }
}

impl Issuer {
    /// Seals what was committed to the audit trail.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn seal_audit(&self) -> Result<usize, Fault> {
        seal(&self.store, &self.sealer, |row| self.figures.event(row)).await
    }
}

/// A head as it is logged and shown: `place:hash`.
pub fn written((place, hash): (i64, Digest)) -> String {
    format!("{place}:{}", hash.to_text())
}

/// How the trail stands.
#[derive(Debug)]
pub struct Verdict {
    /// Rows whose place in the chain is right.
    pub sound: i64,
    /// The first row that is not as it was sealed, and why.
    pub broken: Option<(AuditRecord, Break)>,
    /// The end of what is sound.
    pub head: (i64, Digest),
    /// Whether the head that was asked for stands in the chain.
    pub has_head: bool,
    /// Rows that have no place yet.
    pub unsealed: i64,
}

impl Verdict {
    /// Whether nothing is wrong.
    pub const fn is_sound(&self) -> bool {
        self.broken.is_none() && self.has_head
    }
}

/// Judges the whole trail, up to the first row that is not as it was sealed. `known` is a head
/// from a log line: it must still be there, or the end of the chain was cut off.
///
/// # Errors
/// When the store fails.
pub async fn verify(store: &Store, sealer: &Sealer, known: Option<&str>) -> Result<Verdict, Fault> {
    let key = key(sealer);
    let (mut chain, mut broken, mut has_head) = (Chain::after(None), None, known.is_none());
    'all: loop {
        let place = chain.head().0;
        let rows = store.read(move |db| audit::list_sealed(db, place, BATCH)).await?;
        if rows.is_empty() {
            break;
        }
        for row in rows {
            if let Err(why) = chain.check(&row, &key) {
                broken = Some((row, why));
                break 'all;
            }
            has_head |= known.is_some_and(|known| known == written(chain.head()));
        }
    }
    let unsealed = store.read(audit::count_unsealed).await?;
    Ok(Verdict { sound: chain.head().0, broken, head: chain.head(), has_head, unsealed })
}

/// What of the trail is to be shown.
#[derive(Debug, Clone, Default)]
pub struct Query {
    /// Only what this account did, or what was done to it: its id, username or e-mail address.
    pub user: Option<String>,
    /// Only what happened since then.
    pub since: Option<Timestamp>,
}

/// The last rows that are wanted, the oldest of them first, at most `limit`. An account that is
/// gone is found by its id.
///
/// # Errors
/// When the store fails.
pub async fn tail(store: &Store, query: &Query, limit: i64) -> Result<Vec<AuditRecord>, Fault> {
    let query = query.clone();
    let rows = store.read(move |db: &mut Db| {
        let party = match &query.user {
            None => None,
            Some(name) => Some(match crate::domain::Identifier::parse(name) {
                Ok(name) => users::find_user_by_identifier(db, &name)?
                    .map_or_else(|| name.as_str().to_owned(), |user| user.id.to_string()),
                Err(_) => name.clone(),
            }),
        };
        audit::list_last(db, &Wanted { party, since: query.since }, limit)
    });
    Ok(rows.await?)
}
