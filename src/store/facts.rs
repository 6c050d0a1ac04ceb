//! Reads that are answered from memory where they can be. What is kept, and for how long, stands in
//! [`super::kept`].

use std::collections::HashSet;
use std::sync::Arc;

use super::kept::{Before, Shelf, Sitting, Touched};
use super::{
    Store, StoreError, clients, consents, grants, session_grants, sessions, used_once, users,
};
use crate::base::{ClientRowId, Digest, GrantId, SessionId, Timestamp, UserId};
use crate::domain::{Client, Consent, Grant, GrantFacts, GrantedBy, RefreshState, User};
use crate::store::Db;

/// Tokens that were taken back, one by one, of which all are kept in memory.
const FEW: usize = 1000;

impl Store {
    /// What `shelf` holds for `key`, or else what the store says.
    async fn through<K, V, F>(
        &self,
        shelf: &Shelf<K, V>,
        key: K,
        query: F,
    ) -> Result<Option<V>, StoreError>
    where
        K: std::hash::Hash + Eq + Clone,
        V: Clone + Send + 'static,
        F: FnMut(&mut Db) -> Result<Option<V>, StoreError> + Send + 'static,
    {
        if !self.is_fresh {
            let found = self.kept.find(shelf, &key);
            self.kept.figures.looked(found.is_some());
            if found.is_some() {
                return Ok(found);
            }
        }
        let before = self.kept.before();
        let found = self.read(query).await?;
        if let Some(value) = &found {
            self.kept.keep(shelf, key, value.clone(), before);
        }
        Ok(found)
    }

    /// A client by its `client_id`.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn client_named(&self, name: &str) -> Result<Option<Arc<Client>>, StoreError> {
        let wanted = name.to_owned();
        self.through(&self.kept.clients_by_name, name.to_owned(), move |db| {
            Ok(clients::find_client_by_client_id(db, &wanted)?.map(Arc::new))
        })
        .await
    }

    /// A client by its row.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn client(&self, id: ClientRowId) -> Result<Option<Arc<Client>>, StoreError> {
        self.through(&self.kept.clients, id, move |db| {
            Ok(clients::find_client(db, id)?.map(Arc::new))
        })
        .await
    }

    /// A person.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn user(&self, id: UserId) -> Result<Option<Arc<User>>, StoreError> {
        self.through(&self.kept.users, id, move |db| Ok(users::find_user(db, id)?.map(Arc::new)))
            .await
    }

    /// A session with its person, whether it still counts or not.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn sitting(&self, id: SessionId) -> Result<Option<Sitting>, StoreError> {
        self.through(&self.kept.sittings, id, move |db| {
            let found = sessions::find_session(db, id)?;
            Ok(found.map(|(session, user)| (Arc::new(session), Arc::new(user))))
        })
        .await
    }

    /// What a person allowed a client.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn consent(
        &self,
        user: UserId,
        client: ClientRowId,
    ) -> Result<Option<Arc<Consent>>, StoreError> {
        self.through(&self.kept.consents, (user, client), move |db| {
            Ok(consents::find_consent(db, user, client)?.map(Arc::new))
        })
        .await
    }

    /// A grant, whether it still counts or not.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn grant(&self, id: GrantId) -> Result<Option<Arc<Grant>>, StoreError> {
        self.through(&self.kept.grants, id, move |db| Ok(grants::find_grant(db, id)?.map(Arc::new)))
            .await
    }

    /// The person of a grant, as their session shows them: whoever redeems a code, and asks next who
    /// that is, needs both, and mostly they were read when the code was given. A session that is gone
    /// leaves the person.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn person(&self, by: &GrantedBy) -> Result<Option<Arc<User>>, StoreError> {
        match self.sitting(by.session).await? {
            Some((_, user)) => Ok(Some(user)),
            None => self.user(by.user).await,
        }
    }

    /// Those whom a grant stands on, beside it, but for the consent: only a refresh asks whether that
    /// still covers it. A session that is gone leaves the person.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn facts_of(&self, grant: Arc<Grant>) -> Result<GrantFacts, StoreError> {
        let Some(by) = &grant.person else {
            return Ok(GrantFacts { grant, session: None, user: None, consent: None });
        };
        let (session, user) = match self.sitting(by.session).await? {
            Some((session, user)) => (Some(session), Some(user)),
            None => (None, self.user(by.user).await?),
        };
        Ok(GrantFacts { grant, session, user, consent: None })
    }

    /// Whether a single access token was taken back. That is rare, so all that were are kept as long
    /// as they are few, and a token that was never seen before asks nothing of the store.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn is_token_revoked(&self, token: Digest) -> Result<bool, StoreError> {
        // Whoever looks past what is kept asks about one token, and need not read all.
        if !self.is_fresh {
            let all = self.through(&self.kept.revoked_tokens, (), |db| {
                let tokens = used_once::list_revoked_tokens(db, FEW + 1)?;
                Ok(Some(Arc::new(tokens.into_iter().collect::<HashSet<_>>())))
            });
            if let Some(all) = all.await?.filter(|all| all.len() <= FEW) {
                return Ok(all.contains(&token));
            }
        }
        let found = self.through(&self.kept.revocations, token, move |db| {
            used_once::is_token_revoked(db, &token).map(Some)
        });
        Ok(found.await?.unwrap_or_default())
    }

    /// What is known before a grant is stored, for [`Store::keep_grant`].
    pub fn before_grant(&self) -> Before {
        self.kept.before()
    }

    /// Keeps a grant that was just stored: its code or its token is about to be shown.
    pub fn keep_grant(&self, grant: &Arc<Grant>, before: Before) {
        self.kept.replace(&self.kept.grants, grant.id, Arc::clone(grant), before);
    }

    /// Stores a grant of a session that has not ended, by one statement on PostgreSQL
    /// ([`session_grants::insert_grant_of_live_session`]), and keeps it. False when the session has
    /// ended.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn add_grant(
        &self,
        grant: Arc<Grant>,
        idle_expires_at: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let before = self.kept.before();
        let kept = Arc::clone(&grant);
        let added = self.write_single("answer a request", move |db| {
            session_grants::insert_grant_of_live_session(db, &grant, idle_expires_at, now)
        });
        let is_live = added.await?;
        if is_live {
            self.keep_grant(&kept, before);
        }
        Ok(is_live)
    }

    /// Redeems the code of a grant by one conditional statement ([`grants::redeem_code`]), and keeps
    /// the grant as it is then: its access token is about to be shown. None when the code does not
    /// count any more.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn redeem_code(
        &self,
        grant: Arc<Grant>,
        digest: Digest,
        now: Timestamp,
    ) -> Result<Option<Arc<Grant>>, StoreError> {
        let (before, id) = (self.kept.before(), grant.id);
        let redeemed =
            self.write_single("redeem code", move |db| grants::redeem_code(db, id, &digest, now));
        if !redeemed.await? {
            return Ok(None);
        }
        // The statement changes this alone. Before it only wrong verifiers are counted, and those count no
        // more after it.
        let mut grant = Grant::clone(&grant);
        if let Some(code) = &mut grant.code {
            code.used_at = Some(now);
        }
        let grant = Arc::new(grant);
        self.keep_grant(&grant, before);
        Ok(Some(grant))
    }

    /// Begins the next generation of a grant by one conditional statement
    /// ([`grants::rotate_refresh`]), and keeps it: its access token is about to be shown. False when
    /// another one was quicker.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn rotate_refresh(
        &self,
        grant: Arc<Grant>,
        refresh: RefreshState,
        generation: u32,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let before = self.kept.before();
        let next = Grant { generation, refresh: Some(refresh.clone()), ..Grant::clone(&grant) };
        let rotated = self.write_single("rotate refresh token", move |db| {
            grants::rotate_refresh(db, &grant, &refresh, generation, now)
        });
        let is_rotated = rotated.await?;
        if is_rotated {
            self.kept.tell(Touched::Grant(next.id));
            self.keep_grant(&Arc::new(next), before);
        }
        Ok(is_rotated)
    }
}
