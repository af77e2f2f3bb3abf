//! Identifiers of records: 16 bytes in the database, a typed prefix and base 32 for people.
//!
//! The bytes are those of a version 7 UUID (RFC 9562 §5.7), so ids sort by creation. They are made in
//! `service` from its clock and random source, never by the database.

use std::fmt;
use std::str::FromStr;

use crate::time::Timestamp;

/// Crockford's alphabet: no `i`, `l`, `o`, `u`.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// 128 bits in base 32 take 26 characters; the first carries only three of them.
const ENCODED_LENGTH: usize = 26;

/// The text is not an identifier of the expected kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an identifier of this kind: expected `{prefix}_` and 26 characters")]
pub struct IdError {
    prefix: &'static str,
}

/// Lays out a version 7 UUID: 48 bits of milliseconds, then the given random bits.
fn uuid_v7(at: Timestamp, random: [u8; 10]) -> [u8; 16] {
    let [_, _, t0, t1, t2, t3, t4, t5] = at.as_millis().to_be_bytes();
    let [r0, r1, r2, r3, r4, r5, r6, r7, r8, r9] = random;
    let version = 0x70 | (r0 & 0x0f);
    let variant = 0x80 | (r2 & 0x3f);
    [t0, t1, t2, t3, t4, t5, version, r1, variant, r3, r4, r5, r6, r7, r8, r9]
}

fn encode(bytes: [u8; 16], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut value = u128::from_be_bytes(bytes);
    let mut text = [b'0'; ENCODED_LENGTH];
    for character in text.iter_mut().rev() {
        let digit = usize::try_from(value & 31).unwrap_or(0);
        *character = ALPHABET.get(digit).copied().unwrap_or(b'0');
        value >>= 5;
    }
    f.write_str(std::str::from_utf8(&text).map_err(|_| fmt::Error)?)
}

fn decode(text: &str) -> Option<[u8; 16]> {
    if text.len() != ENCODED_LENGTH {
        return None;
    }
    let mut value: u128 = 0;
    for (index, character) in text.bytes().enumerate() {
        let digit = ALPHABET.iter().position(|candidate| *candidate == character)?;
        if index == 0 && digit > 7 {
            return None;
        }
        value = (value << 5) | u128::try_from(digit).ok()?;
    }
    Some(value.to_be_bytes())
}

macro_rules! define_ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; 16]);

        impl $name {
            /// What the text form starts with, before the underscore.
            pub const PREFIX: &'static str = $prefix;

            /// Makes a new id from the time and ten random bytes (74 of their bits are kept).
            pub fn new(at: Timestamp, random: [u8; 10]) -> Self {
                Self(uuid_v7(at, random))
            }

            /// The id as it is stored.
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(bytes)
            }

            /// The bytes to store.
            pub const fn as_bytes(&self) -> &[u8; 16] {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!($prefix, "_"))?;
                encode(self.0, f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                text.strip_prefix(concat!($prefix, "_"))
                    .and_then(decode)
                    .map(Self)
                    .ok_or(IdError { prefix: $prefix })
            }
        }
    )*};
}

define_ids! {
    /// An issuer with its own keys, users and scopes.
    InstanceId = "ins";
    /// The isolation boundary inside an instance.
    TenantId = "ten";
    /// An app: the registration of a client.
    AppId = "app";
    /// One secret of an app.
    SecretId = "sec";
    /// A plan.
    PlanId = "pln";
    /// A license region.
    RegionId = "reg";
    /// A database of a region.
    RegionDatabaseId = "rdb";
    /// A protected resource (an audience).
    ResourceId = "res";
    /// A person or a system user.
    UserId = "usr";
    /// An invitation into a tenant.
    InvitationId = "inv";
    /// A token that an operator issued to a person.
    ManagementTokenId = "mtk";
    /// A running server that serves from its memory.
    NodeId = "nod";
    /// A signing key. Its text form is the `kid` on the wire.
    SigningKeyId = "key";
    /// The storage settings of an app.
    StorageConfigId = "sto";
    /// An access token; its text form is the `jti`.
    TokenId = "tok";
    /// A recorded event.
    AuditEventId = "evt";
    /// A request, as it appears in logs and events.
    RequestId = "req";
    /// A person's session; its text form is the `sid` on the wire.
    SessionId = "ses";
    /// What a person granted to an app by signing in: a family of tokens.
    GrantId = "grt";
    /// A personal or service access token.
    ReferenceTokenId = "rtk";
    /// A passkey of a person.
    PasskeyId = "pky";
    /// A logout token that an app is to be told by.
    LogoutNoticeId = "lon";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_form_round_trips() {
        let id = AppId::new(Timestamp::from_micros(1_795_000_000_123_456), [0xff; 10]);
        let text = id.to_string();
        assert_eq!(text.len(), 30);
        assert_eq!(text.parse::<AppId>(), Ok(id));
        assert_eq!("app_00000000000000000000000000".parse::<AppId>(), Ok(AppId::from_bytes([0; 16])));
    }

    #[test]
    fn ids_sort_by_creation() {
        let earlier = AppId::new(Timestamp::from_micros(1_000_000), [0xff; 10]);
        let later = AppId::new(Timestamp::from_micros(1_001_000), [0; 10]);
        assert!(earlier < later);
        assert!(earlier.to_string() < later.to_string());
    }

    #[test]
    fn layout_is_version_7() {
        let id = AppId::new(Timestamp::from_micros(1), [0xff; 10]);
        assert_eq!(id.as_bytes()[6] >> 4, 7);
        assert_eq!(id.as_bytes()[8] >> 6, 0b10);
    }

    #[test]
    fn other_kinds_and_malformed_text_are_refused() {
        for text in [
            "",
            "app_",
            "ten_00000000000000000000000000",
            "app_0000000000000000000000000",
            "app_000000000000000000000000000",
            "app_80000000000000000000000000",
            "app_0000000000000000000000000O",
            "APP_00000000000000000000000000",
            "app_0000000000000000000000000é",
        ] {
            assert!(text.parse::<AppId>().is_err(), "{text}");
        }
    }
}
