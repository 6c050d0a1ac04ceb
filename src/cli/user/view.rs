use serde_json::{Value, json};
use time::OffsetDateTime;

use crate::base::Timestamp;
use crate::domain::User;

/// What programs are shown of an account. The password's hash is no part of it.
pub(super) fn view(user: &User) -> Value {
    json!({
        "username": user.username,
        "sub": user.subject.as_str(),
        "email": user.email,
        "email_verified": user.is_email_verified,
        "has_password": user.password_hash.is_some(),
        "claims": user.claims,
        "groups": user.groups,
        "admin": user.is_admin,
        "disabled": !user.is_enabled(),
        "delete_after": user.delete_after.map(|at| at.as_seconds()),
        "created_at": user.created_at.as_seconds(),
        "updated_at": user.updated_at.as_seconds(),
    })
}

/// An account in one line, for people.
pub(super) fn line(user: &User) -> String {
    let mut parts = vec![user.username.clone()];
    parts.extend(user.email.clone());
    parts.extend(user.claims.name.clone());
    if user.is_admin {
        parts.push("admin".to_owned());
    }
    if !user.is_enabled() {
        parts.push("disabled".to_owned());
    }
    let day = |at: Timestamp| OffsetDateTime::from_unix_timestamp(at.as_seconds()).ok();
    if let Some(at) = user.delete_after.and_then(day) {
        parts.push(format!("goes on {}", at.date()));
    }
    if !user.groups.is_empty() {
        parts.push(user.groups.join(","));
    }
    parts.join("  ")
}
