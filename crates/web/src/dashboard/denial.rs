//! What a refusal of the registry is on a page.

use actix_web::http::StatusCode;
use turnkeep_console::parts::notice::{Notice, Tone};
use turnkeep_service::registry::denial::RegistryDenial;

use crate::account::error_page::PageError;
use crate::account::readable::capitalised;
use crate::error::registry_denial::{detail_of, status_of};

/// A refusal that a page can show; what must not be told apart from nothing at all has a page of its own.
pub(crate) fn shown_or_gone(denial: RegistryDenial) -> Result<RegistryDenial, PageError> {
    match denial {
        RegistryDenial::NotFound => Err(PageError::NotFound),
        RegistryDenial::Forbidden(_) => Err(PageError::Forbidden),
        shown => Ok(shown),
    }
}

/// The status of a page that shows a refusal. A browser sent no precondition, so a record that was changed meanwhile is a
/// conflict like others (RFC 9110 §15.5.10).
pub(crate) fn page_status(denial: &RegistryDenial) -> StatusCode {
    match status_of(denial) {
        StatusCode::PRECONDITION_FAILED => StatusCode::CONFLICT,
        status => status,
    }
}

/// The refusal as the notice of a page.
pub(crate) fn notice_of(denial: &RegistryDenial) -> Notice {
    // A page that is loaded anew sends its form a second time.
    let stale = "Somebody changed it meanwhile, or the form was sent twice. Nothing was changed now. A secret that you \
                 did not keep cannot be shown again: make another.";
    notice_with_stale(denial, stale)
}

/// The same where a link was to be made that is shown once: a second sending leaves the one that was shown as it is.
pub(crate) fn notice_of_link(denial: &RegistryDenial) -> Notice {
    let notice = notice_of(denial);
    match denial {
        RegistryDenial::RequestInProgress => Notice {
            text: "The form was sent twice. No second link was made, so the one that was shown still works. If you did \
                   not keep it, make another."
                .to_owned(),
            ..notice
        },
        _ => notice,
    }
}

/// The same on a page with words of its own, `stale`, for a record that somebody changed meanwhile.
pub(crate) fn notice_with_stale(denial: &RegistryDenial, stale: &str) -> Notice {
    let text = match denial {
        RegistryDenial::StaleVersion => stale.to_owned(),
        _ => detail_of(denial).map_or_else(|| "That is not there.".to_owned(), |detail| sentence(&detail)),
    };
    Notice { tone: Tone::Problem, code: Some(denial.code().to_owned()), text }
}

/// What was done, as the notice of a page.
pub(crate) fn done(text: &str) -> Notice {
    Notice { tone: Tone::Done, code: None, text: text.to_owned() }
}

/// A message as a sentence: messages begin small and end without a stop.
pub(crate) fn sentence(message: &str) -> String {
    let text = capitalised(message);
    if text.is_empty() || text.ends_with(['.', '!', '?']) { text } else { format!("{text}.") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_its_own_words_for_a_stale_version_and_for_nothing_else() {
        let notice = |denial| notice_with_stale(&denial, "Look again.");
        let stale = notice(RegistryDenial::StaleVersion);
        assert_eq!((stale.code.as_deref(), stale.text.as_str()), (Some("stale_version"), "Look again."));
        assert_eq!(notice(RegistryDenial::LastOwner), notice_of(&RegistryDenial::LastOwner));
    }

    #[test]
    fn messages_become_sentences() {
        for (message, expected) in
            [("this is taken", "This is taken."), ("Is it? Yes!", "Is it? Yes!"), ("ü", "Ü."), ("", "")]
        {
            assert_eq!(sentence(message), expected);
        }
    }
}
