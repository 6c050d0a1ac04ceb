use super::Event;

/// Lists the kinds of events and the word of each, once.
macro_rules! kinds {
    ($($name:ident = $word:literal),* $(,)?) => {
        /// What happened, without whom it happened to. Each is the [`Event`] of the same name.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[expect(missing_docs, reason = "each is the event of the same name")]
        pub enum EventKind {
            $($name),*
        }

        impl EventKind {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The word that is stored and shown.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $word),*
                }
            }
        }

        impl Event {
            /// What happened.
            pub const fn kind(&self) -> EventKind {
                match self {
                    $(Self::$name { .. } => EventKind::$name),*
                }
            }
        }
    };
}

kinds! {
    SignedIn = "signed_in",
    SignInRefused = "sign_in_refused",
    SignInThrottled = "sign_in_throttled",
    SignInDisowned = "sign_in_disowned",
    PasswordShown = "password_shown",
    FactorShown = "factor_shown",
    FactorRefused = "factor_refused",
    TotpSetUp = "totp_set_up",
    RecoveryCodesMade = "recovery_codes_made",
    DeviceTrusted = "device_trusted",
    DeviceTrustEnded = "device_trust_ended",
    FactorsReset = "factors_reset",
    PasskeyAdded = "passkey_added",
    PasskeyNotAdded = "passkey_not_added",
    PasskeyRenamed = "passkey_renamed",
    PasskeyRemoved = "passkey_removed",
    SessionsEnded = "sessions_ended",
    SignedOut = "signed_out",
    SetupLinkMade = "setup_link_made",
    SetupFinished = "setup_finished",
    UserCreated = "user_created",
    UserDisabled = "user_disabled",
    UserEnabled = "user_enabled",
    PasswordSet = "password_set",
    RecoveryAsked = "recovery_asked",
    RecoveryRefused = "recovery_refused",
    SignUpAsked = "sign_up_asked",
    SignUpRefused = "sign_up_refused",
    SignedUp = "signed_up",
    InvitationMade = "invitation_made",
    InvitationWithdrawn = "invitation_withdrawn",
    InvitationAccepted = "invitation_accepted",
    RecoveryLinkMade = "recovery_link_made",
    PasswordRecovered = "password_recovered",
    EmailAsked = "email_asked",
    EmailRefused = "email_refused",
    EmailVerified = "email_verified",
    EmailChanged = "email_changed",
    GroupsSet = "groups_set",
    UserDeleted = "user_deleted",
    ConsentGiven = "consent_given",
    ConsentWithdrawn = "consent_withdrawn",
    ProfileChanged = "profile_changed",
    DataExported = "data_exported",
    DeletionAsked = "deletion_asked",
    DeletionWithdrawn = "deletion_withdrawn",
    ClientCreated = "client_created",
    ClientRegistered = "client_registered",
    ClientChanged = "client_changed",
    ClientSecretMade = "client_secret_made",
    ClientDeleted = "client_deleted",
    UnusedClientsDeleted = "unused_clients_deleted",
    ClientRefused = "client_refused",
    RegistrationTokenMade = "registration_token_made",
    KeyMade = "key_made",
    KeysRetired = "keys_retired",
    KeyRemoved = "key_removed",
    CodeReplayed = "code_replayed",
    RefreshTokenReused = "refresh_token_reused",
    GrantRevoked = "grant_revoked",
    TokenRevoked = "token_revoked",
    LogoutTold = "logout_told",
    LogoutNotTold = "logout_not_told",
    MailSent = "mail_sent",
    MailNotSent = "mail_not_sent",
    BackedUp = "backed_up",
    Restored = "restored",
    FailedOver = "failed_over",
}
