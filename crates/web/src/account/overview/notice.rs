//! What the overview says after something was done. It goes through the URL as a word of a fixed set, so the worst that
//! a made-up link can do is to show one of these sentences.

use turnkeep_console::account::message::AccountMessage;

/// All that a redirect can announce.
const NOTICES: [AccountMessage; 9] = [
    AccountMessage::InvitationAccepted,
    AccountMessage::SessionEnded,
    AccountMessage::ConsentRevoked,
    AccountMessage::PasswordChanged,
    AccountMessage::PasskeyRemoved,
    AccountMessage::TotpAdded,
    AccountMessage::TotpRemoved,
    AccountMessage::TokenRevoked,
    AccountMessage::SignedInAgain,
];

/// The path below the instance of the overview that says so.
pub(crate) fn announced(message: AccountMessage) -> String {
    format!("/account?done={}", message.code())
}

/// What a query announces.
pub(crate) fn announcement(word: &str) -> Option<AccountMessage> {
    NOTICES.into_iter().find(|message| message.code() == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_done_is_announced() {
        for message in NOTICES {
            assert!(!message.is_problem());
            let path = announced(message);
            assert_eq!(announcement(path.strip_prefix("/account?done=").unwrap()), Some(message));
        }
        for word in ["", "too_many_attempts", "current_password_refused", "<script>"] {
            assert_eq!(announcement(word), None, "{word}");
        }
    }
}
