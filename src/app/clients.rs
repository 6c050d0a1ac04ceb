//! Clients, as an operator keeps them.

use std::time::Duration;

use serde_json::json;

use crate::app::Fault;
use crate::app::audit::{Caller, Operator, log};
use crate::app::client_keys::{self, secret_context};
use crate::app::users::listed;
use crate::base::{ClientRowId, Clock, Digest, Entropy, Secret, Timestamp};
use crate::credentials::Sealer;
use crate::domain::{Actor, Client, ClientOrigin, ClientSecrets, Event};
use crate::protocol::{AuthMethod, ClientMetadata};
use crate::rules::registration::{self, CheckedMetadata, MetadataProblem, RegistrationPolicy};
use crate::store::{Db, Store, StoreError, audit, clients};

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
    /// Somebody else changed it between the look and the write.
    #[error("it was changed at the same time: try again")]
    Changed,
    /// It proves who it is without a secret, or not at all.
    #[error("it is a client without a secret")]
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

/// What clients are made with.
#[derive(Clone, Copy)]
pub struct Registrar<'a> {
    /// Where they are kept.
    pub store: &'a Store,
    /// What time it is.
    pub clock: &'a dyn Clock,
    /// Where their names and secrets come from.
    pub entropy: &'a dyn Entropy,
    /// Seals the secrets that a digest would not do for.
    pub sealer: &'a Sealer,
    /// What the installation allows.
    pub policy: RegistrationPolicy,
    /// Who does it.
    pub actor: &'a Actor,
    /// The request that asks for it, if it is one.
    pub caller: Option<Caller>,
}

impl<'a> Registrar<'a> {
    /// The same, for what needs no seal and no policy.
    pub const fn operator(self) -> Operator<'a> {
        let Self { store, clock, entropy, actor, caller, .. } = self;
        Operator { store, clock, entropy, actor, caller, post: None }
    }
}

/// Stores a new client of an operator.
///
/// # Errors
/// When its metadata cannot be, its name is taken, or the store fails.
pub async fn create(
    on: Registrar<'_>,
    metadata: ClientMetadata,
) -> Result<Registered, ClientProblem> {
    let checked = check(metadata, |metadata| registration::check(metadata, on.policy))?;
    let made = new_client(on, &checked);
    let event = Event::ClientCreated { client: made.client.client_id.clone() };
    let row = on.operator().occasion().of(&event);
    let (stored, noted) = (made.client.clone(), row.clone());
    let insert = move |db: &mut Db| {
        clients::insert_client(db, &stored)?;
        audit::record(db, &noted)
    };
    on.store.write("create client", insert).await?;
    log(&row);
    Ok(made)
}

/// Checks metadata by `rules`, and its keys, so that everything wrong is told at once.
pub(super) fn check(
    metadata: ClientMetadata,
    rules: impl FnOnce(ClientMetadata) -> Result<CheckedMetadata, Vec<MetadataProblem>>,
) -> Result<CheckedMetadata, ClientProblem> {
    let keys = client_keys::problems(&metadata);
    match rules(metadata) {
        Ok(checked) if keys.is_empty() => Ok(checked),
        Ok(_) => Err(ClientProblem::Invalid(keys)),
        Err(problems) => Err(ClientProblem::Invalid(problems.into_iter().chain(keys).collect())),
    }
}

/// A client of an operator with this metadata, a name and, if it has one, a secret. It is not stored yet.
pub(super) fn new_client(on: Registrar<'_>, checked: &CheckedMetadata) -> Registered {
    let now = on.clock.now();
    let given = checked.client_id().map(str::to_owned);
    let secret = checked.has_secret().then(|| secret_for(checked, on.entropy));
    let mut client = Client {
        id: ClientRowId::new(now, on.entropy),
        client_id: given.unwrap_or_else(|| on.entropy.alphanumeric(ID_LENGTH)),
        metadata: checked.metadata().clone(),
        secrets: ClientSecrets::default(),
        sealed_secrets: None,
        origin: ClientOrigin::Operator,
        used_at: None,
        disabled_at: None,
        created_at: now,
        updated_at: now,
    };
    if let Some(secret) = &secret {
        FreshSecret::new(on, client.id, secret.clone()).give_to(&mut client, None);
    }
    Registered { client, secret, ignored: checked.ignored().to_vec() }
}

/// A secret in every form in which it may have to be kept.
struct FreshSecret {
    plain: Secret<String>,
    sealed: Vec<u8>,
}

impl FreshSecret {
    fn new(on: Registrar<'_>, client: ClientRowId, plain: Secret<String>) -> Self {
        let list = Secret::new(json!([plain.expose()]).to_string().into_bytes());
        let sealed = on.sealer.seal(&secret_context(client), list.expose(), on.entropy);
        Self { plain, sealed }
    }

    /// Keeps the digest, and for `client_secret_jwt` the secret itself, sealed, because the HMAC
    /// needs it (`security.md` R40). The one before counts until `overlap`; as an HMAC it ends.
    fn give_to(&self, client: &mut Client, overlap: Option<Timestamp>) {
        let previous = client.secrets.current.zip(overlap);
        client.secrets = ClientSecrets { current: Some(digest(&self.plain)), previous };
        let is_hmac = client.auth_method() == AuthMethod::ClientSecretJwt;
        client.sealed_secrets = is_hmac.then(|| self.sealed.clone());
    }
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

/// Puts other metadata in the place of a client's. Its secret stays, unless it had none, needs
/// none any more, or must be kept in a form that a digest does not give back.
///
/// # Errors
/// When the metadata cannot be, names another client or another secret, there is no such client,
/// or the store fails.
pub async fn update(on: Registrar<'_>, new: Replacement<'_>) -> Result<Registered, ClientProblem> {
    let Replacement { client_id, metadata } = new;
    let checked = check(metadata, |metadata| registration::check(metadata, on.policy))?;
    if checked.client_id().is_some_and(|given| given != client_id) {
        return Err(invalid("client_id", "names another client: a client keeps its name"));
    }
    let before = find(on.store, client_id).await?;
    replace(on, before, checked).await
}

/// Puts checked metadata in the place of that of `before`, when that is still what is stored.
pub(super) async fn replace(
    on: Registrar<'_>,
    before: Client,
    checked: CheckedMetadata,
) -> Result<Registered, ClientProblem> {
    let now = on.clock.now();
    let fresh = FreshSecret::new(on, before.id, secret_for(&checked, on.entropy));
    let ignored = checked.ignored().to_vec();
    let client_id = before.client_id.clone();
    let changed = change(on.operator(), "update client", &client_id, move |db, client| {
        if client.id != before.id || client.metadata != before.metadata {
            return Ok(Err(ClientProblem::Changed));
        }
        let secret = match replace_metadata(client, &checked, &fresh, now) {
            Ok(secret) => secret,
            Err(problem) => return Ok(Err(problem)),
        };
        clients::update_client(db, client)?;
        Ok(Ok((secret, Event::ClientChanged { client: client.client_id.clone() })))
    });
    let (client, secret) = changed.await?;
    Ok(Registered { client, secret, ignored })
}

/// Gives back the secret when it is new. `fresh` is the one that was given, or a new one.
fn replace_metadata(
    client: &mut Client,
    checked: &CheckedMetadata,
    fresh: &FreshSecret,
    now: Timestamp,
) -> Result<Option<Secret<String>>, ClientProblem> {
    let had_secret = client.secrets.current.is_some();
    let is_its_own = client.secrets.accept(fresh.plain.expose().as_bytes(), now);
    if checked.secret().is_some() && had_secret && !is_its_own {
        return Err(invalid("client_secret", "is not its secret: rotate-secret makes a new one"));
    }
    client.metadata = checked.metadata().clone();
    client.updated_at = now;
    if !checked.has_secret() {
        client.secrets = ClientSecrets::default();
        client.sealed_secrets = None;
        return Ok(None);
    }
    let is_hmac = client.auth_method() == AuthMethod::ClientSecretJwt;
    let is_kept_well = had_secret && is_hmac == client.sealed_secrets.is_some();
    if is_kept_well || (had_secret && !is_hmac) {
        client.sealed_secrets = client.sealed_secrets.take().filter(|_| is_hmac);
        return Ok(None);
    }
    fresh.give_to(client, None);
    Ok((!is_its_own).then(|| fresh.plain.clone()))
}

fn invalid(member: &'static str, problem: &str) -> ClientProblem {
    ClientProblem::Invalid(vec![MetadataProblem::new(member, problem)])
}

/// Makes a new secret. The one before counts for `overlap` more.
///
/// # Errors
/// When the client is public, there is no such client, or the store fails.
pub async fn rotate_secret(
    on: Registrar<'_>,
    client_id: &str,
    overlap: Duration,
) -> Result<Registered, ClientProblem> {
    let now = on.clock.now();
    let id = find(on.store, client_id).await?.id;
    let fresh = FreshSecret::new(on, id, new_secret(on.entropy));
    let secret = fresh.plain.clone();
    let changed = change(on.operator(), "rotate client secret", client_id, move |db, client| {
        if !client.auth_method().has_secret() {
            return Ok(Err(ClientProblem::Public));
        }
        fresh.give_to(client, Some(now + overlap).filter(|_| !overlap.is_zero()));
        client.updated_at = now;
        clients::update_client(db, client)?;
        let (client, old_counts_for_seconds) = (client.client_id.clone(), overlap.as_secs());
        Ok(Ok(((), Event::ClientSecretMade { client, old_counts_for_seconds })))
    });
    let (client, ()) = changed.await?;
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
pub async fn delete(on: Operator<'_>, client_id: &str) -> Result<Client, ClientProblem> {
    let changed = change(on, "delete client", client_id, |db, client| {
        clients::delete_client(db, client.id)?;
        Ok(Ok(((), Event::ClientDeleted { client: client.client_id.clone() })))
    });
    Ok(changed.await?.0)
}

/// What a change of a client leads to and leaves in the audit trail, or why it is not made.
type Applied<R> = Result<(R, Event), ClientProblem>;

/// Finds a client, applies `apply` to it and notes what that says, in one transaction.
async fn change<R: Send + 'static>(
    on: Operator<'_>,
    what: &'static str,
    client_id: &str,
    apply: impl Fn(&mut Db, &mut Client) -> Result<Applied<R>, StoreError> + Send + 'static,
) -> Result<(Client, R), ClientProblem> {
    let client_id = client_id.to_owned();
    let occasion = on.occasion();
    let changed = on.store.write(what, move |db| {
        let found = clients::find_client_by_client_id(db, &client_id)?;
        let Some(mut client) = found else { return Ok(Err(ClientProblem::Unknown)) };
        let (outcome, event) = match apply(db, &mut client)? {
            Ok(applied) => applied,
            Err(problem) => return Ok(Err(problem)),
        };
        let row = occasion.of(&event);
        audit::record(db, &row)?;
        Ok(Ok((client, outcome, row)))
    });
    let (client, outcome, row) = changed.await??;
    log(&row);
    Ok((client, outcome))
}
