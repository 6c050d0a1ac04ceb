//! Clients, as an operator keeps them.

use std::time::Duration;

use crate::app::Fault;
use crate::app::users::listed;
use crate::base::{ClientRowId, Clock, Digest, Entropy, Secret, Timestamp};
use crate::domain::{Client, ClientSecrets};
use crate::protocol::ClientMetadata;
use crate::rules::registration::{self, CheckedMetadata, MetadataProblem, RegistrationPolicy};
use crate::store::{Db, Store, StoreError, clients};

/// How long a secret counts beside the one that replaced it, unless it is ended at once: time to
/// bring the new one to every machine of the app.
pub const SECRET_OVERLAP: Duration = Duration::from_secs(24 * 60 * 60);

/// Characters of a `client_id` that we make.
const ID_LENGTH: usize = 24;
/// Characters of a secret that we make (`contract.md`); 62 ^ 43 is just above 2 ^ 256
/// (`security.md` R40).
const SECRET_LENGTH: usize = 43;

/// A client that was stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registered {
    /// As it is stored.
    pub client: Client,
    /// Its secret, when it has a new one. Nothing keeps it: this is the only time to show it.
    pub secret: Option<Secret<String>>,
    /// Members of the metadata that no part of this version acts on.
    pub ignored: Vec<String>,
}

/// Metadata that is to stand in the place of a client's.
pub struct Replacement<'a> {
    /// Which client.
    pub client_id: &'a str,
    /// What it is to have.
    pub metadata: ClientMetadata,
}

/// Why a client is not stored or changed.
#[derive(Debug, thiserror::Error)]
pub enum ClientProblem {
    /// Its metadata cannot be; everything that is wrong.
    #[error("{}", listed(.0))]
    Invalid(Vec<MetadataProblem>),
    /// Another client has this `client_id`.
    #[error("the client_id is taken")]
    Taken,
    /// There is no such client.
    #[error("there is no such client")]
    Unknown,
    /// It is a public client (RFC 6749 §2.1).
    #[error("it is a public client, which has no secret")]
    Public,
    /// It did not work on our side.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<StoreError> for ClientProblem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unique(_) => Self::Taken,
            error => Self::Fault(error.into()),
        }
    }
}

/// Stores a new client.
///
/// # Errors
/// When its metadata cannot be, its name is taken, or the store fails.
pub async fn create(
    store: &Store,
    clock: &dyn Clock,
    entropy: &dyn Entropy,
    policy: RegistrationPolicy,
    metadata: ClientMetadata,
) -> Result<Registered, ClientProblem> {
    let checked = registration::check(metadata, policy).map_err(ClientProblem::Invalid)?;
    let now = clock.now();
    let given = checked.client_id().map(str::to_owned);
    let secret = checked.is_confidential().then(|| secret_for(&checked, entropy));
    let client = Client {
        id: ClientRowId::new(now, entropy),
        client_id: given.unwrap_or_else(|| entropy.alphanumeric(ID_LENGTH)),
        metadata: checked.metadata().clone(),
        secrets: ClientSecrets { current: secret.as_ref().map(digest), previous: None },
        disabled_at: None,
        created_at: now,
        updated_at: now,
    };
    let stored = client.clone();
    store.write("create client", move |db| clients::insert_client(db, &stored)).await?;
    tracing::info!(target: "tessera::audit", client = client.client_id, "registered a client");
    Ok(Registered { client, secret, ignored: checked.ignored().to_vec() })
}

/// The given secret, or a new one.
fn secret_for(checked: &CheckedMetadata, entropy: &dyn Entropy) -> Secret<String> {
    checked.secret().cloned().unwrap_or_else(|| new_secret(entropy))
}

fn new_secret(entropy: &dyn Entropy) -> Secret<String> {
    Secret::new(entropy.alphanumeric(SECRET_LENGTH))
}

fn digest(secret: &Secret<String>) -> Digest {
    Digest::of(secret.expose().as_bytes())
}

/// Puts other metadata in the place of a client's. Its secret stays, unless it had none or needs
/// none any more.
///
/// # Errors
/// When the metadata cannot be, names another client or another secret, there is no such client,
/// or the store fails.
pub async fn update(
    store: &Store,
    clock: &dyn Clock,
    entropy: &dyn Entropy,
    policy: RegistrationPolicy,
    new: Replacement<'_>,
) -> Result<Registered, ClientProblem> {
    let Replacement { client_id, metadata } = new;
    let checked = registration::check(metadata, policy).map_err(ClientProblem::Invalid)?;
    if checked.client_id().is_some_and(|given| given != client_id) {
        return Err(invalid("client_id", "names another client: a client keeps its name"));
    }
    let (now, fresh) = (clock.now(), secret_for(&checked, entropy));
    let ignored = checked.ignored().to_vec();
    let changed = change(store, "update client", client_id, move |db, client| {
        let outcome = replace_metadata(client, &checked, &fresh, now);
        if outcome.is_ok() {
            clients::update_client(db, client)?;
        }
        Ok(outcome)
    });
    let (client, outcome) = changed.await?;
    let secret = outcome?;
    tracing::info!(target: "tessera::audit", client = client.client_id, "changed a client");
    Ok(Registered { client, secret, ignored })
}

/// Gives back the secret when it is new. `fresh` is the one that was given, or a new one.
fn replace_metadata(
    client: &mut Client,
    checked: &CheckedMetadata,
    fresh: &Secret<String>,
    now: Timestamp,
) -> Result<Option<Secret<String>>, ClientProblem> {
    let is_given = checked.secret().is_some();
    let had_secret = client.secrets.current.is_some();
    if is_given && had_secret && !client.secrets.accept(fresh.expose().as_bytes(), now) {
        return Err(invalid("client_secret", "is not its secret: rotate-secret makes a new one"));
    }
    client.metadata = checked.metadata().clone();
    client.updated_at = now;
    if !checked.is_confidential() {
        client.secrets = ClientSecrets::default();
        return Ok(None);
    }
    if had_secret {
        return Ok(None);
    }
    client.secrets = ClientSecrets { current: Some(digest(fresh)), previous: None };
    Ok(Some(fresh.clone()))
}

fn invalid(member: &'static str, problem: &str) -> ClientProblem {
    ClientProblem::Invalid(vec![MetadataProblem { member, problem: problem.to_owned() }])
}

/// Makes a new secret. The one before counts for `overlap` more.
///
/// # Errors
/// When the client is public, there is no such client, or the store fails.
pub async fn rotate_secret(
    store: &Store,
    clock: &dyn Clock,
    entropy: &dyn Entropy,
    client_id: &str,
    overlap: Duration,
) -> Result<Registered, ClientProblem> {
    let (now, secret) = (clock.now(), new_secret(entropy));
    let current = digest(&secret);
    let changed = change(store, "rotate client secret", client_id, move |db, client| {
        if client.is_public() {
            return Ok(Err(ClientProblem::Public));
        }
        let before = client.secrets.current.filter(|_| !overlap.is_zero());
        let previous = before.map(|digest| (digest, now + overlap));
        client.secrets = ClientSecrets { current: Some(current), previous };
        client.updated_at = now;
        clients::update_client(db, client)?;
        Ok(Ok(()))
    });
    let (client, outcome) = changed.await?;
    outcome?;
    tracing::info!(target: "tessera::audit", client = client.client_id, "made a new client secret");
    Ok(Registered { client, secret: Some(secret), ignored: Vec::new() })
}

/// Every client, by its public name.
///
/// # Errors
/// When the store fails.
pub async fn list(store: &Store) -> Result<Vec<Client>, ClientProblem> {
    Ok(store.read(clients::list_clients).await?)
}

/// The client with this `client_id`.
///
/// # Errors
/// When there is none, or the store fails.
pub async fn find(store: &Store, client_id: &str) -> Result<Client, ClientProblem> {
    let client_id = client_id.to_owned();
    let found = store.read(move |db| clients::find_client_by_client_id(db, &client_id)).await?;
    found.ok_or(ClientProblem::Unknown)
}

/// Removes a client; its consents and grants go with it.
///
/// # Errors
/// When there is no such client, or the store fails.
pub async fn delete(store: &Store, client_id: &str) -> Result<Client, ClientProblem> {
    let changed = change(store, "delete client", client_id, |db, client| {
        clients::delete_client(db, client.id).map(drop)
    });
    let (client, ()) = changed.await?;
    tracing::info!(target: "tessera::audit", client = client.client_id, "removed a client");
    Ok(client)
}

/// Finds a client and applies `apply` to it, in one transaction.
async fn change<R: Send + 'static>(
    store: &Store,
    what: &'static str,
    client_id: &str,
    apply: impl Fn(&mut Db, &mut Client) -> Result<R, StoreError> + Send + 'static,
) -> Result<(Client, R), ClientProblem> {
    let client_id = client_id.to_owned();
    let changed = store.write(what, move |db| {
        let found = clients::find_client_by_client_id(db, &client_id)?;
        let Some(mut client) = found else { return Ok(None) };
        let outcome = apply(db, &mut client)?;
        Ok(Some((client, outcome)))
    });
    changed.await?.ok_or(ClientProblem::Unknown)
}
