//! Secrets that this server makes: 256 random bits behind a prefix that says what they are, so that secret
//! scanners find them and a typing error is refused without a database.

use crate::checked_text;
use crate::plaintext::PlaintextSecret;

/// What a generated secret is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SecretKind {
    /// A client secret of an app.
    ClientSecret,
    /// A reference token that acts as the user who made it (seed 002: PAT).
    PersonalAccessToken,
    /// A reference token that acts as the app's system user (seed 002: SAT).
    ServiceAccessToken,
    /// A refresh token.
    RefreshToken,
    /// A token by which a person uses the management API.
    ManagementToken,
    /// The handle of an invitation to a tenant.
    Invitation,
    /// The handle of a person's session, which is in the browser's cookie.
    Session,
    /// A code that an app redeems for the tokens of a person (RFC 6749 §4.1.2).
    AuthorizationCode,
    /// A link by which a person gets into their account without a password.
    AccountLink,
}

impl SecretKind {
    /// Every kind.
    pub const ALL: [Self; 9] = [
        Self::ClientSecret,
        Self::PersonalAccessToken,
        Self::ServiceAccessToken,
        Self::RefreshToken,
        Self::ManagementToken,
        Self::Invitation,
        Self::Session,
        Self::AuthorizationCode,
        Self::AccountLink,
    ];

    /// What secrets of the kind start with.
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::ClientSecret => "tkcs_",
            Self::PersonalAccessToken => "tkpat_",
            Self::ServiceAccessToken => "tksat_",
            Self::RefreshToken => "tkrt_",
            Self::ManagementToken => "tkmt_",
            Self::Invitation => "tkin_",
            Self::Session => "tkse_",
            Self::AuthorizationCode => "tkac_",
            Self::AccountLink => "tkal_",
        }
    }
}

/// Makes a secret of 256 random bits: the prefix, 52 characters and 7 of checksum.
pub fn generate(kind: SecretKind, random: [u8; 32]) -> PlaintextSecret {
    PlaintextSecret::new(checked_text::encode(kind.prefix(), &random))
}

/// What a presented text looks like. It says nothing about whether the secret is valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GeneratedForm {
    /// Made by a Turnkeep server, not necessarily this one.
    Generated(SecretKind),
    /// It has one of our prefixes but another length, alphabet or checksum: it was mistyped or cut short.
    Mistyped,
    /// None of our prefixes, as of an imported secret.
    Foreign,
}

/// Looks at the form of a presented text, without any knowledge of stored secrets.
pub fn check_form(text: &str) -> GeneratedForm {
    match SecretKind::ALL.into_iter().find(|kind| text.starts_with(kind.prefix())) {
        Some(kind) if checked_text::is_intact(kind.prefix(), text) => GeneratedForm::Generated(kind),
        Some(_) => GeneratedForm::Mistyped,
        None => GeneratedForm::Foreign,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_is_recognised() {
        for kind in SecretKind::ALL {
            let secret = generate(kind, [0xa5; 32]);
            assert_eq!(secret.expose().len(), kind.prefix().len() + 59);
            assert_eq!(check_form(secret.expose()), GeneratedForm::Generated(kind));
        }
    }

    #[test]
    fn the_form_is_pinned() {
        assert_eq!(
            generate(SecretKind::ClientSecret, std::array::from_fn(|i| u8::try_from(i).unwrap())).expose(),
            "tkcs_000g40r40m30e209185gr38e1w8124gk2gahc5rr34d1p70x3rfg1a25p6h"
        );
    }

    #[test]
    fn a_typing_error_is_told_from_a_foreign_secret() {
        let secret = generate(SecretKind::ClientSecret, [0x5a; 32]);
        let text = secret.expose();
        for (presented, expected) in [
            (text.to_uppercase(), GeneratedForm::Foreign),
            (text.replace("tkcs_", "tkpat_"), GeneratedForm::Mistyped),
            (format!("{text} "), GeneratedForm::Mistyped),
            (format!(" {text}"), GeneratedForm::Foreign),
            (text.chars().take(40).collect(), GeneratedForm::Mistyped),
            ("tkcs_".to_owned(), GeneratedForm::Mistyped),
            (format!("tkcs_{}", "é".repeat(30)), GeneratedForm::Mistyped),
            (String::new(), GeneratedForm::Foreign),
            ("correct horse battery staple".to_owned(), GeneratedForm::Foreign),
        ] {
            assert_eq!(check_form(&presented), expected, "{presented}");
        }
    }
}
