//! Passkeys (WebAuthn Level 3): what a browser is asked, and whether its answer holds. The library
//! checks challenge, origin, rpIdHash, type, presence, verification, algorithm and signature
//! (`security.md` R78); it draws its challenges from the system.

use serde::de::DeserializeOwned;
use url::Url;
use uuid::Uuid;
use webauthn_rs::prelude::{
    AuthenticationResult, Credential, CredentialID, DiscoverableAuthentication, Passkey as Key,
    PasskeyRegistration, PublicKeyCredential, RegisterPublicKeyCredential, WebauthnError,
};
use webauthn_rs::{Webauthn, WebauthnBuilder};

use crate::base::{Subject, to_base64url};
use crate::domain::{Passkey, User};

/// Why an answer of a browser does not count. The person sees one sentence for all.
#[derive(Debug, thiserror::Error)]
pub enum PasskeyError {
    /// It is not what a browser of ours would send.
    #[error("not a WebAuthn answer")]
    Unreadable,
    /// Its counter did not grow: the passkey may have been cloned.
    #[error("the signature counter did not grow")]
    CountFell,
    /// It belongs to somebody else than it says.
    #[error("the user handle is not its owner's")]
    OtherUser,
    /// A check of the library failed.
    #[error("{0}")]
    Refused(WebauthnError),
}

impl From<WebauthnError> for PasskeyError {
    fn from(error: WebauthnError) -> Self {
        match error {
            WebauthnError::CredentialPossibleCompromise => Self::CountFell,
            other => Self::Refused(other),
        }
    }
}

/// What a browser is asked.
pub struct Ceremony {
    /// The options for `navigator.credentials`, as JSON.
    pub options: String,
    /// What judges the answer; it never leaves this server but sealed.
    pub state: String,
    /// The challenge: it counts once.
    pub challenge: Vec<u8>,
}

/// A browser's answer to the question who signs in, unchecked.
pub struct Assertion(PublicKeyCredential);

impl Assertion {
    /// Reads the answer.
    ///
    /// # Errors
    /// When it is none.
    pub fn parse(json: &str) -> Result<Self, PasskeyError> {
        read(json).map(Self)
    }

    /// The id of the credential that it says it is from.
    pub fn credential_id(&self) -> &[u8] {
        self.0.get_credential_id()
    }
}

/// A new credential, checked.
pub struct NewCredential {
    /// Its id.
    pub credential_id: Vec<u8>,
    /// What checks its assertions.
    pub credential: String,
    /// Its counter.
    pub sign_count: u32,
    /// Whether it may be copied to other devices.
    pub is_backup_eligible: bool,
    /// Whether it was.
    pub is_backed_up: bool,
}

/// Asks and judges for one relying party: the issuer's host and exact origin.
pub struct PasskeyJudge(Webauthn);

impl PasskeyJudge {
    /// The judge for the issuer at `public_url`. None where WebAuthn knows no relying party: it
    /// needs a domain name, and an IP address is none.
    pub fn new(public_url: &str, brand: &str) -> Option<Self> {
        let origin = Url::parse(public_url).ok()?;
        let domain = origin.domain()?;
        let webauthn = WebauthnBuilder::new(domain, &origin).ok()?.rp_name(brand).build().ok()?;
        Some(Self(webauthn))
    }

    /// The user handle: the bytes of the subject, which tells nothing of its person.
    ///
    /// # Errors
    /// When the subject is no UUID, which does not happen.
    pub fn user_handle(subject: &Subject) -> Result<[u8; 16], PasskeyError> {
        handle(subject).map(Uuid::into_bytes)
    }

    /// Asks who signs in, whoever it is.
    ///
    /// # Errors
    /// When the library fails.
    pub fn begin_sign_in(&self) -> Result<Ceremony, PasskeyError> {
        let (asked, state) = self.0.start_discoverable_authentication()?;
        Ok(Ceremony {
            options: write(&asked.public_key)?,
            state: write(&state)?,
            challenge: asked.public_key.challenge,
        })
    }

    /// Asks somebody who is known for one of their `own` passkeys.
    ///
    /// # Errors
    /// When the library fails.
    pub fn begin_confirmation(&self, own: &[Passkey]) -> Result<Ceremony, PasskeyError> {
        let (mut asked, state) = self.0.start_discoverable_authentication()?;
        let named = own.iter().map(|one| {
            serde_json::json!({ "type": "public-key", "id": to_base64url(&one.credential_id) })
        });
        // It tells the browser what to look for. Whose the answer is, the caller judges.
        let named = serde_json::Value::from_iter(named);
        asked.public_key.allow_credentials = read(&named.to_string())?;
        Ok(Ceremony {
            options: write(&asked.public_key)?,
            state: write(&state)?,
            challenge: asked.public_key.challenge,
        })
    }

    /// Judges an answer against the `passkey` that it names and its `owner`. What the passkey is
    /// afterwards is the result.
    ///
    /// # Errors
    /// When any check fails.
    pub fn finish_sign_in(
        &self,
        state: &str,
        assertion: &Assertion,
        passkey: &Passkey,
        owner: &User,
    ) -> Result<Passkey, PasskeyError> {
        let state: DiscoverableAuthentication = read(state)?;
        // WebAuthn Level 3 §7.2, step 6: a discoverable credential must say whose it is.
        if assertion.0.get_user_unique_id() != Some(handle(&owner.subject)?.as_bytes().as_slice()) {
            return Err(PasskeyError::OtherUser);
        }
        let mut key: Key = read(&passkey.credential)?;
        let result = self.0.finish_discoverable_authentication_v2(&assertion.0, state, &key)?;
        // The stored row and what the library wrote must agree before anything is believed.
        let is_changed = key.update_credential(&result).ok_or(PasskeyError::Unreadable)?;
        let credential = if is_changed { write(&key)? } else { passkey.credential.clone() };
        Ok(after(passkey, credential, &result))
    }

    /// Asks for a new passkey of `user`, on a device that has none of `existing`.
    ///
    /// # Errors
    /// When the library fails.
    pub fn begin_enrolment(
        &self,
        user: &User,
        existing: &[Passkey],
    ) -> Result<Ceremony, PasskeyError> {
        let known = existing.iter().map(|one| CredentialID::from(one.credential_id.clone()));
        let (mut asked, state) = self.0.start_passkey_registration(
            handle(&user.subject)?,
            &user.username,
            user.display_name(),
            Some(known.collect()),
        )?;
        // Only a discoverable credential can be offered before somebody says who they are.
        if let Some(selection) = &mut asked.public_key.authenticator_selection {
            selection.require_resident_key = true;
            selection.resident_key = Some(read("\"required\"")?);
        }
        Ok(Ceremony {
            options: write(&asked.public_key)?,
            state: write(&state)?,
            challenge: asked.public_key.challenge,
        })
    }

    /// Judges a new credential.
    ///
    /// # Errors
    /// When any check fails.
    pub fn finish_enrolment(
        &self,
        state: &str,
        answer: &str,
    ) -> Result<NewCredential, PasskeyError> {
        let state: PasskeyRegistration = read(state)?;
        let answer: RegisterPublicKeyCredential = read(answer)?;
        let key = self.0.finish_passkey_registration(&answer, &state)?;
        let written = write(&key)?;
        let credential = Credential::from(key);
        Ok(NewCredential {
            credential_id: credential.cred_id.to_vec(),
            credential: written,
            sign_count: credential.counter,
            is_backup_eligible: credential.backup_eligible,
            is_backed_up: credential.backup_state,
        })
    }
}

fn after(passkey: &Passkey, credential: String, shown: &AuthenticationResult) -> Passkey {
    Passkey {
        credential,
        sign_count: shown.counter(),
        is_backup_eligible: shown.backup_eligible(),
        is_backed_up: shown.backup_state(),
        ..passkey.clone()
    }
}

fn handle(subject: &Subject) -> Result<Uuid, PasskeyError> {
    Uuid::try_parse(subject.as_str()).map_err(|_| PasskeyError::Unreadable)
}

fn read<T: DeserializeOwned>(json: &str) -> Result<T, PasskeyError> {
    serde_json::from_str(json).map_err(|_| PasskeyError::Unreadable)
}

fn write(value: &impl serde::Serialize) -> Result<String, PasskeyError> {
    serde_json::to_string(value).map_err(|_| PasskeyError::Unreadable)
}
