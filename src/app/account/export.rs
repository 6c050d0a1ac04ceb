//! Everything of a person as one archive of JSON files. It is put together from lists of what goes
//! in, so that a column that comes later does not get out by itself: no secret, no hash.

use std::io::{Cursor, Write as _};

use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::Entered;
use crate::app::{Fault, Issuer, audit};
use crate::base::{Timestamp, UserId};
use crate::domain::{
    AuditRecord, Event, Factors, Grant, HeldByApp, KnownBrowser, Passkey, Session, TrustedDevice,
    User,
};
use crate::store::audit::Wanted;
use crate::store::{
    Db, StoreError, audit as rows, connected_apps, factors, known_browsers, passkeys,
    session_clients, sessions, trusted_devices, users,
};

/// Rows of the trail that one archive holds, the last ones.
const MAX_EVENTS: i64 = 10_000;

/// What is known of a person.
struct Known {
    user: User,
    sessions: Vec<(Session, Vec<String>)>,
    apps: Vec<HeldByApp>,
    passkeys: Vec<Passkey>,
    factors: Factors,
    devices: Vec<TrustedDevice>,
    browsers: Vec<KnownBrowser>,
    events: Vec<AuditRecord>,
}

/// Everything of the active account as a zip archive. The trail tells that it was taken.
///
/// # Errors
/// When the store fails.
pub async fn export(issuer: &Issuer, entered: &Entered) -> Result<Vec<u8>, Fault> {
    let user = entered.active()?.user.id;
    let row = entered.row(issuer, user, &Event::DataExported { user });
    audit::record(&issuer.store, row).await?;
    let now = entered.now;
    let known = issuer.store.read(move |db| load(db, user, now)).await?;
    let known = known.ok_or(Fault::Broken("an account that is signed in is gone"))?;
    archive(&known).map_err(|_| Fault::Broken("an archive could not be written"))
}

fn load(db: &mut Db, id: UserId, now: Timestamp) -> Result<Option<Known>, StoreError> {
    let Some(user) = users::find_user(db, id)? else { return Ok(None) };
    let mut with_apps = Vec::new();
    for session in sessions::list_sessions_of_user(db, id)? {
        let apps = session_clients::list_clients_of_session(db, session.id)?;
        with_apps.push((session, apps.into_iter().map(|app| app.client_id).collect()));
    }
    let wanted = Wanted { party: Some(id.to_string()), since: None };
    Ok(Some(Known {
        user,
        sessions: with_apps,
        apps: connected_apps::list_held_by_apps(db, id)?,
        passkeys: passkeys::list_passkeys(db, id)?,
        factors: factors::find_factors(db, id)?,
        devices: trusted_devices::list_devices(db, id, now)?,
        browsers: known_browsers::list_browsers(db, id)?,
        events: rows::list_last(db, &wanted, MAX_EVENTS)?,
    }))
}

fn archive(known: &Known) -> Result<Vec<u8>, zip::result::ZipError> {
    let files: [(&str, Value); 5] = [
        ("profile.json", profile(&known.user)),
        ("sessions.json", known.sessions.iter().map(session).collect()),
        ("apps.json", known.apps.iter().map(app).collect()),
        ("sign-in.json", sign_in(known)),
        ("activity.json", known.events.iter().map(|row| event(row, known.user.id)).collect()),
    ];
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, value) in files {
        let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        archive.start_file(name, stored)?;
        archive.write_all(format!("{value:#}\n").as_bytes())?;
    }
    Ok(archive.finish()?.into_inner())
}

fn profile(user: &User) -> Value {
    json!({
        "sub": user.subject.as_str(),
        "username": user.username,
        "email": user.email,
        "email_verified": user.is_email_verified,
        "claims": user.claims,
        "groups": user.groups,
        "created_at": at(user.created_at),
        "updated_at": at(user.updated_at),
    })
}

fn session((session, apps): &(Session, Vec<String>)) -> Value {
    json!({
        "device": session.seen_from.device,
        "network": session.seen_from.network,
        "created_at": at(session.created_at),
        "authenticated_at": at(session.authenticated_at),
        "amr": session.amr,
        "acr": session.acr,
        "stays_signed_in": session.is_remembered,
        "last_seen_at": at(session.last_seen_at),
        "ended_at": session.ended.map(|(ended_at, _)| at(ended_at)),
        "apps": apps,
    })
}

fn app(held: &HeldByApp) -> Value {
    json!({
        "client_id": held.client.client_id,
        "name": held.client.display_name(),
        "allowed": held.consent.as_ref().map(|consent| json!({
            "scopes": consent.scopes,
            "since": at(consent.created_at),
            "changed_at": at(consent.updated_at),
        })),
        "granted": held.grants.iter().map(grant).collect::<Value>(),
    })
}

fn grant(grant: &Grant) -> Value {
    json!({
        "scopes": grant.scopes,
        "resources": grant.resources,
        "outlives_the_session": grant.is_offline(),
        "created_at": at(grant.created_at),
        "expires_at": at(grant.expires_at),
        "revoked_at": grant.revoked_at.map(at),
    })
}

/// How the person signs in, without what it takes to do so.
fn sign_in(known: &Known) -> Value {
    let passkey = |passkey: &Passkey| {
        json!({
            "name": passkey.name,
            "may_be_copied": passkey.is_backup_eligible,
            "created_at": at(passkey.created_at),
            "last_used_at": passkey.last_used_at.map(at),
        })
    };
    json!({
        "has_password": known.user.password_hash.is_some(),
        "passkeys": known.passkeys.iter().map(passkey).collect::<Value>(),
        "authenticator_app": known.factors.totp.as_ref().map(|totp| json!({
            "name": totp.label,
            "since": at(totp.confirmed_at),
            "last_used_at": at(totp.used_at),
        })),
        "recovery_codes_left": known.factors.recovery_codes,
        "trusted_devices": known.devices.iter().map(|device| json!({
            "since": at(device.created_at),
            "until": at(device.expires_at),
        })).collect::<Value>(),
        "browsers_signed_in_with": known.browsers.iter().map(|browser| json!({
            "last_at": at(browser.seen_at),
        })).collect::<Value>(),
    })
}

/// A row of the trail. Another person who acted on the account is not named.
fn event(row: &AuditRecord, own: UserId) -> Value {
    let is_own = row.actor_id.as_deref() == Some(own.to_string().as_str());
    let mut details = row.told();
    if let Some(members) = details.as_object_mut().filter(|_| !is_own) {
        members.remove(AuditRecord::DEVICE);
    }
    json!({
        "at": at(row.at),
        "event": row.event,
        "outcome": row.outcome,
        "by": if is_own { "you" } else { row.actor_kind.as_str() },
        "about": row.target.as_ref().map(|(kind, _)| kind),
        // Where somebody else was is theirs.
        "network": if is_own { row.network.as_deref() } else { None },
        "details": details,
    })
}

fn at(at: Timestamp) -> Option<String> {
    OffsetDateTime::from_unix_timestamp(at.as_seconds()).ok()?.format(&Rfc3339).ok()
}
