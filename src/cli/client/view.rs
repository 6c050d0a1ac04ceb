use serde_json::{Value, json};

use crate::app::clients::Registered;
use crate::domain::Client;

/// What programs are shown of a client: its metadata, and what RFC 7591 §3.2.1 puts beside it.
pub(super) fn view(client: &Client) -> anyhow::Result<Value> {
    let mut shown = serde_json::to_value(&client.metadata)?;
    shown["client_id"] = json!(client.client_id);
    shown["client_id_issued_at"] = json!(client.created_at.as_seconds());
    shown["disabled"] = json!(!client.is_enabled());
    Ok(shown)
}

/// The same with its secret, when there is one to show.
pub(super) fn view_registered(registered: &Registered) -> anyhow::Result<Value> {
    let mut shown = view(&registered.client)?;
    if let Some(secret) = &registered.secret {
        shown["client_secret"] = json!(secret.expose());
        // RFC 7591 §3.2.1: zero when it does not expire.
        shown["client_secret_expires_at"] = json!(0);
    }
    Ok(shown)
}

/// A client in one line, for people.
pub(super) fn line(client: &Client) -> String {
    let mut parts = vec![client.client_id.clone()];
    parts.extend(client.metadata.client_name.clone());
    if client.is_public() {
        parts.push("public".to_owned());
    }
    if client.is_first_party() {
        parts.push("first party".to_owned());
    }
    if !client.is_enabled() {
        parts.push("disabled".to_owned());
    }
    parts.extend(client.metadata.redirect_uris.iter().cloned());
    parts.join("  ")
}

/// The name, and the secret when there is one to show.
pub(super) fn credentials(registered: &Registered) -> String {
    let id = format!("client_id: {}", registered.client.client_id);
    match &registered.secret {
        Some(secret) => format!("{id}\nclient_secret: {}", secret.expose()),
        None => id,
    }
}
