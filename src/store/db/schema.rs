//! The tables as diesel sees them. The migrations make them; a test holds both trees equal.

use diesel::{allow_tables_to_appear_in_same_query, joinable, table};

table! {
    meta (name) {
        name -> Text,
        value -> Text,
    }
}

table! {
    users (id) {
        id -> Binary,
        subject -> Text,
        username -> Text,
        email -> Nullable<Text>,
        is_email_verified -> Bool,
        password_hash -> Nullable<Text>,
        claims -> Text,
        is_admin -> Bool,
        disabled_at -> Nullable<BigInt>,
        created_at -> BigInt,
        updated_at -> BigInt,
        delete_after -> Nullable<BigInt>,
        must_change_password -> Bool,
    }
}

table! {
    memberships (user_id, group_name) {
        user_id -> Binary,
        group_name -> Text,
    }
}

table! {
    clients (id) {
        id -> Binary,
        client_id -> Text,
        metadata -> Text,
        secret_digest -> Nullable<Text>,
        previous_secret_digest -> Nullable<Text>,
        previous_secret_until -> Nullable<BigInt>,
        is_launchable -> Bool,
        is_dynamic -> Bool,
        management_digest -> Nullable<Text>,
        sealed_secrets -> Nullable<Binary>,
        used_at -> Nullable<BigInt>,
        disabled_at -> Nullable<BigInt>,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}

table! {
    client_origins (origin, client_id) {
        origin -> Text,
        client_id -> Binary,
    }
}

table! {
    sessions (id) {
        id -> Binary,
        user_id -> Binary,
        secret_digest -> Text,
        created_at -> BigInt,
        authenticated_at -> BigInt,
        amr -> Text,
        acr -> Text,
        is_remembered -> Bool,
        last_seen_at -> BigInt,
        idle_expires_at -> BigInt,
        absolute_expires_at -> BigInt,
        ended_at -> Nullable<BigInt>,
        ended_why -> Nullable<Text>,
        device -> Text,
        network -> Text,
    }
}

table! {
    interactions (id) {
        id -> Binary,
        address_digest -> Text,
        browser_digest -> Text,
        network_digest -> Text,
        purpose -> Text,
        evidence -> Text,
        is_proven -> Bool,
        created_at -> BigInt,
        expires_at -> BigInt,
        finished -> Nullable<Binary>,
        finished_at -> Nullable<BigInt>,
    }
}

table! {
    consents (id) {
        id -> Binary,
        user_id -> Binary,
        client_id -> Binary,
        scopes -> Text,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}

table! {
    grants (id) {
        id -> Binary,
        user_id -> Nullable<Binary>,
        client_id -> Binary,
        session_id -> Nullable<Binary>,
        scopes -> Text,
        resources -> Text,
        claims -> Text,
        nonce -> Nullable<Text>,
        auth_time -> Nullable<BigInt>,
        acr -> Nullable<Text>,
        amr -> Nullable<Text>,
        code_digest -> Nullable<Text>,
        redirect_uri -> Nullable<Text>,
        code_challenge -> Nullable<Text>,
        code_expires_at -> Nullable<BigInt>,
        code_used_at -> Nullable<BigInt>,
        wrong_verifiers -> Integer,
        generation -> Integer,
        is_offline -> Bool,
        rotated_at -> Text,
        refresh_idle_expires_at -> Nullable<BigInt>,
        refresh_expires_at -> Nullable<BigInt>,
        created_at -> BigInt,
        expires_at -> BigInt,
        revoked_at -> Nullable<BigInt>,
    }
}

table! {
    session_clients (session_id, client_id) {
        session_id -> Binary,
        client_id -> Binary,
        first_at -> BigInt,
    }
}

table! {
    pushed_requests (id) {
        id -> Binary,
        client_id -> Binary,
        secret_digest -> Text,
        parameters -> Text,
        is_signed -> Bool,
        created_at -> BigInt,
        expires_at -> BigInt,
        used_at -> Nullable<BigInt>,
    }
}

table! {
    used_assertions (digest) {
        digest -> Text,
        expires_at -> BigInt,
    }
}

table! {
    revocations (token_digest) {
        token_digest -> Text,
        expires_at -> BigInt,
    }
}

table! {
    registration_tokens (id) {
        id -> Binary,
        secret_digest -> Text,
        uses_left -> Integer,
        created_at -> BigInt,
        expires_at -> BigInt,
    }
}

table! {
    client_logos (client_id) {
        client_id -> Binary,
        source -> Text,
        digest -> Nullable<Text>,
        png -> Nullable<Binary>,
        due_at -> Nullable<BigInt>,
        tries -> Integer,
    }
}

table! {
    audit (id) {
        id -> Binary,
        at -> BigInt,
        event -> Text,
        outcome -> Text,
        actor_kind -> Text,
        actor_id -> Nullable<Text>,
        target_kind -> Nullable<Text>,
        target_id -> Nullable<Text>,
        network -> Nullable<Text>,
        reference -> Nullable<Text>,
        details -> Text,
        place -> Nullable<BigInt>,
        previous_hash -> Nullable<Text>,
        hash -> Nullable<Text>,
        mac -> Nullable<Text>,
    }
}

table! {
    outbox (id) {
        id -> Binary,
        kind -> Text,
        client_id -> Nullable<Binary>,
        session_id -> Nullable<Binary>,
        user_id -> Nullable<Binary>,
        created_at -> BigInt,
        due_at -> Nullable<BigInt>,
        tries -> Integer,
        ended_at -> Nullable<BigInt>,
        outcome -> Text,
        problem -> Nullable<Text>,
        recipient -> Nullable<Text>,
        sealed -> Nullable<Binary>,
    }
}

table! {
    signing_keys (id) {
        id -> Binary,
        kid -> Text,
        algorithm -> Text,
        place -> Integer,
        sealed_private -> Binary,
        public_jwk -> Text,
        created_at -> BigInt,
        active_from -> BigInt,
        retired_at -> Nullable<BigInt>,
    }
}

table! {
    login_failures (account_digest) {
        account_digest -> Text,
        failures -> Integer,
        blocked_until -> BigInt,
        last_failed_at -> BigInt,
    }
}

table! {
    setup_links (place) {
        place -> Integer,
        digest -> Text,
        expires_at -> BigInt,
        used_at -> Nullable<BigInt>,
    }
}

table! {
    totp_credentials (user_id) {
        user_id -> Binary,
        sealed_seed -> Binary,
        last_step -> BigInt,
        label -> Text,
        confirmed_at -> BigInt,
        used_at -> BigInt,
    }
}

table! {
    recovery_codes (user_id, digest) {
        user_id -> Binary,
        digest -> Text,
        created_at -> BigInt,
        used_at -> Nullable<BigInt>,
    }
}

table! {
    passkeys (id) {
        id -> Binary,
        user_id -> Binary,
        credential_id -> Binary,
        credential -> Text,
        name -> Text,
        sign_count -> BigInt,
        is_backup_eligible -> Bool,
        is_backed_up -> Bool,
        created_at -> BigInt,
        last_used_at -> Nullable<BigInt>,
        count_fell_at -> Nullable<BigInt>,
    }
}

table! {
    webauthn_challenges (digest) {
        digest -> Text,
        expires_at -> BigInt,
    }
}

table! {
    proofs (kind, holder) {
        kind -> Text,
        holder -> Text,
        user_id -> Nullable<Binary>,
        address -> Nullable<Text>,
        link_digest -> Text,
        code_digest -> Nullable<Text>,
        tries -> Integer,
        created_at -> BigInt,
        expires_at -> BigInt,
        used_at -> Nullable<BigInt>,
        invited -> Nullable<Text>,
    }
}

table! {
    declined_passkeys (user_id) {
        user_id -> Binary,
        declined_at -> BigInt,
    }
}

joinable!(sessions -> users (user_id));
joinable!(memberships -> users (user_id));
joinable!(session_clients -> clients (client_id));
joinable!(session_clients -> sessions (session_id));
joinable!(consents -> clients (client_id));
joinable!(grants -> clients (client_id));
joinable!(client_origins -> clients (client_id));
table! {
    trusted_devices (digest) {
        digest -> Text,
        user_id -> Binary,
        created_at -> BigInt,
        expires_at -> BigInt,
    }
}

table! {
    known_browsers (user_id, digest) {
        user_id -> Binary,
        digest -> Text,
        seen_at -> BigInt,
    }
}

allow_tables_to_appear_in_same_query!(
    users,
    sessions,
    consents,
    grants,
    memberships,
    clients,
    client_origins,
    session_clients
);
