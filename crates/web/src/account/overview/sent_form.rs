//! Forms of the overview that were sent, and are to be put right, and the boxes to tick in them.

use turnkeep_domain::id::{AppId, PasskeyId};
use turnkeep_service::sign_in::credentials::Credentials;

use crate::account::tick::Tick;
use crate::account::typed_token::TypedToken;
use crate::dashboard::form_errors::FormErrors;

/// What is ticked before a passkey is removed, which nobody brings back.
pub(super) const PASSKEY_IS_LOST: Tick = Tick {
    name: "passkey_is_lost",
    label: "It is gone for good; I can sign in another way.",
    warning_id: "passkey-warning",
};

/// What is ticked before there are new recovery codes, which end the old ones.
pub(super) const OLD_CODES_STOP: Tick = Tick {
    name: "old_codes_stop",
    label: "The old codes stop at once; I can put the new ones in their place.",
    warning_id: "recovery-codes-warning",
};

/// Such a form.
pub(super) enum SentForm<'a> {
    /// The one for a new token.
    Token(SentToken<'a>),
    /// The one that removes this passkey, and what is wrong with it.
    PasskeyRemoval(PasskeyId, FormErrors),
    /// The one for new recovery codes, and what is wrong with it.
    RecoveryCodes(FormErrors),
}

/// A form for a new token.
pub(super) struct SentToken<'a> {
    /// The app that it is for.
    pub(super) app_id: AppId,
    /// What was typed.
    pub(super) typed: &'a TypedToken,
    /// What is wrong with it, field by field.
    pub(super) errors: FormErrors,
}

impl<'a> SentForm<'a> {
    /// Whether the person has what it is about.
    pub(super) fn is_about_any_of(&self, credentials: &Credentials) -> bool {
        match self {
            Self::Token(_) => true,
            Self::PasskeyRemoval(id, _) => credentials.passkeys.iter().any(|passkey| passkey.id == *id),
            Self::RecoveryCodes(_) => credentials.totp_since.is_some(),
        }
    }

    /// The form for a token of this app.
    pub(super) fn token_of(&self, id: AppId) -> Option<&SentToken<'a>> {
        match self {
            Self::Token(sent) if sent.app_id == id => Some(sent),
            Self::Token(_) | Self::PasskeyRemoval(..) | Self::RecoveryCodes(_) => None,
        }
    }

    /// What is wrong with the form that removes this passkey.
    pub(super) fn errors_of_passkey(&self, id: PasskeyId) -> Option<&FormErrors> {
        match self {
            Self::PasskeyRemoval(sent, errors) if *sent == id => Some(errors),
            Self::Token(_) | Self::PasskeyRemoval(..) | Self::RecoveryCodes(_) => None,
        }
    }

    /// What is wrong with the form for new recovery codes.
    pub(super) fn errors_of_recovery_codes(&self) -> FormErrors {
        match self {
            Self::RecoveryCodes(errors) => errors.clone(),
            Self::Token(_) | Self::PasskeyRemoval(..) => FormErrors::default(),
        }
    }
}
