//! Why a ceremony is refused. What happened is told to logs and audit; people are told one phrase for all of it.

use webauthn_rs::prelude::WebauthnError;

/// Why a response of an authenticator does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasskeyDenial {
    /// The response has more than [`MAX_RESPONSE_BYTES`](crate::sign_in::MAX_RESPONSE_BYTES) bytes.
    #[error("the response is too large")]
    TooLarge,
    /// It is not a response of this kind of ceremony.
    #[error("the response cannot be read")]
    Malformed,
    /// It answers another challenge.
    #[error("the response is for another challenge")]
    WrongChallenge,
    /// It was made for a page of another origin.
    #[error("the response was made for another origin")]
    WrongOrigin,
    /// It was made by a page inside of a page of another origin.
    #[error("the response was made in a frame of another origin")]
    CrossOrigin,
    /// The authenticator was asked for another relying party.
    #[error("the response was made for another relying party")]
    WrongRelyingParty,
    /// Nobody touched the authenticator.
    #[error("no presence of a person was proven")]
    UserNotPresent,
    /// The authenticator did not ask for its PIN, finger or face.
    #[error("the person was not verified by the authenticator")]
    UserNotVerified,
    /// A new credential has an algorithm that was not offered, or is one that the person has registered already.
    #[error("the credential is not what was asked for")]
    NotAsAsked,
    /// The key is of a kind that cannot be checked.
    #[error("the key of the credential is not supported")]
    UnsupportedKey,
    /// What the authenticator says about itself is not right.
    #[error("the attestation is not valid")]
    BadAttestation,
    /// The credential is none of those that may be used here.
    #[error("the credential is not one that may be used here")]
    UnknownCredential,
    /// The response names another user than the passkey's.
    #[error("the credential belongs to somebody else")]
    OtherUser,
    /// The signature is not by the passkey.
    #[error("the signature is not right")]
    BadSignature,
    /// The counter of the authenticator did not go up: two of them may hold the same key (WebAuthn Level 3 §6.1.1).
    #[error("the counter of the authenticator went back")]
    ClonedAuthenticator,
    /// The passkey says something else about being copied to other devices than when it was registered.
    #[error("the backup flags of the credential changed")]
    BackupFlagsChanged,
}

impl PasskeyDenial {
    /// What the library says, in our words. What is not named here can only come from what cannot be read.
    pub(crate) fn from_library(error: &WebauthnError) -> Self {
        match error {
            WebauthnError::MismatchedChallenge => Self::WrongChallenge,
            WebauthnError::InvalidRPOrigin => Self::WrongOrigin,
            WebauthnError::CredentialCrossOrigin => Self::CrossOrigin,
            WebauthnError::InvalidRPIDHash => Self::WrongRelyingParty,
            WebauthnError::UserNotPresent => Self::UserNotPresent,
            WebauthnError::UserNotVerified => Self::UserNotVerified,
            WebauthnError::CredentialAlteredAlgFromRequest
            | WebauthnError::CredentialExcludedFromRequest
            | WebauthnError::CredentialInsecureCryptography => Self::NotAsAsked,
            WebauthnError::CredentialNotFound => Self::UnknownCredential,
            WebauthnError::AuthenticationFailure => Self::BadSignature,
            WebauthnError::CredentialPossibleCompromise => Self::ClonedAuthenticator,
            WebauthnError::CredentialBackupEligibilityInconsistent
            | WebauthnError::CredentialMayNotBeHardwareBound => Self::BackupFlagsChanged,
            WebauthnError::COSEKeyInvalidType
            | WebauthnError::COSEKeyEDUnsupported
            | WebauthnError::COSEKeyECDSAInvalidCurve
            | WebauthnError::COSEKeyEDDSAInvalidCurve
            | WebauthnError::COSEKeyInvalidAlgorithm
            // How the library calls a key of Ed25519, wherever it comes from.
            | WebauthnError::SshPublicKeyEDUnsupported => Self::UnsupportedKey,
            WebauthnError::AttestationNotSupported
            | WebauthnError::AttestationStatementSigInvalid
            | WebauthnError::AttestationStatementSigMissing
            | WebauthnError::AttestationStatementAlgMismatch
            | WebauthnError::AttestationStatementMapInvalid => Self::BadAttestation,
            _ => Self::Malformed,
        }
    }
}
