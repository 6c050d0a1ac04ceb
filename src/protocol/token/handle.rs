use super::parse_body;
use crate::base::{
    ClientRowId, Digest, Entropy, InvalidEncoding, PushedRequestId, RegistrationTokenId,
    to_base64url,
};

/// A secret that names its row: 16 bytes of id, 32 random bytes of which the row keeps the digest.
/// Each kind has its own type and prefix, so that none passes as another (`security.md` R24).
macro_rules! handle {
    ($(#[$doc:meta])* $name:ident, $id:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq)]
        pub struct $name {
            /// The row it names.
            pub id: $id,
            secret: [u8; 32],
        }

        impl $name {
            /// What it begins with.
            pub const PREFIX: &'static str = $prefix;

            /// A new one for the row `id`.
            pub fn new(id: $id, entropy: &dyn Entropy) -> Self {
                Self { id, secret: entropy.bytes() }
            }

            /// Parses what somebody sent.
            ///
            /// # Errors
            /// When it is not of our anatomy.
            pub fn parse(text: &str) -> Result<Self, InvalidEncoding> {
                let bytes = parse_body(text, Self::PREFIX)?;
                let (id, secret) = bytes.split_at_checked(16).ok_or(InvalidEncoding)?;
                Ok(Self {
                    id: $id::from_bytes(id).map_err(|_| InvalidEncoding)?,
                    secret: secret.try_into().map_err(|_| InvalidEncoding)?,
                })
            }

            /// The text that travels.
            pub fn to_text(&self) -> String {
                let bytes = [self.id.as_bytes().as_slice(), &self.secret].concat();
                format!("{}{}", Self::PREFIX, to_base64url(&bytes))
            }

            /// What the row keeps.
            pub fn digest(&self) -> Digest {
                Digest::of(&self.secret)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}({})", stringify!($name), self.id)
            }
        }
    };
}

handle!(
    /** The `request_uri` of a pushed request (RFC 9126 §2.2). */
    PushedRequestUri, PushedRequestId, "urn:ietf:params:oauth:request_uri:"
);
handle!(
    /** An initial access token: it lets an app register itself (RFC 7591 §3). */
    RegistrationToken, RegistrationTokenId, "tsi_"
);
handle!(
    /** The token with which an app manages its own registration (RFC 7592 §1.2). */
    ManagementToken, ClientRowId, "tsm_"
);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{SeededEntropy, Timestamp};

    #[test]
    fn r24_no_kind_passes_as_another() {
        let entropy = SeededEntropy::new(1);
        let entropy: &dyn Entropy = &entropy;
        let now = Timestamp::from_seconds(1);
        let uri = PushedRequestUri::new(PushedRequestId::new(now, entropy), entropy);
        let token = RegistrationToken::new(RegistrationTokenId::new(now, entropy), entropy);
        assert_eq!(PushedRequestUri::parse(&uri.to_text()), Ok(uri.clone()));
        assert!(RegistrationToken::parse(&uri.to_text()).is_err());
        assert!(ManagementToken::parse(&token.to_text()).is_err());
        assert!(PushedRequestUri::parse(&token.to_text()).is_err());
    }
}
