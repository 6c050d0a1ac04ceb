use std::time::Duration;

use crate::app::Fault;
use crate::app::audit::{Operator, log};
use crate::base::{RegistrationTokenId, Secret, Timestamp};
use crate::domain::{Event, RegistrationTokenRecord};
use crate::protocol::token::RegistrationToken;
use crate::store::{Db, audit, registration_tokens};

/// An initial access token. Nothing keeps it: this is the only time to show it.
#[derive(Debug)]
pub struct NewToken {
    /// What the app sends as its bearer token.
    pub token: Secret<String>,
    /// How many clients may register with it.
    pub uses: u32,
    /// Until when it counts.
    pub expires_at: Timestamp,
}

/// Makes an initial access token (RFC 7591 §3) for `uses` clients within `period`.
///
/// # Errors
/// When the store does not answer.
pub async fn new_token(on: Operator<'_>, uses: u32, period: Duration) -> Result<NewToken, Fault> {
    let now = on.clock.now();
    let token = RegistrationToken::new(RegistrationTokenId::new(now, on.entropy), on.entropy);
    let record = RegistrationTokenRecord {
        id: token.id,
        secret_digest: token.digest(),
        uses_left: uses,
        created_at: now,
        expires_at: now + period,
    };
    let expires_at = record.expires_at;
    let row = on.occasion().of(&Event::RegistrationTokenMade { token: token.id, uses });
    let noted = row.clone();
    let insert = move |db: &mut Db| {
        registration_tokens::insert_registration_token(db, &record)?;
        audit::record(db, &noted)
    };
    on.store.write("create registration token", insert).await?;
    log(&row);
    Ok(NewToken { token: Secret::new(token.to_text()), uses, expires_at })
}
