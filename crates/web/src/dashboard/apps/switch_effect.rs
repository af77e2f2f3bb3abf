//! What a change of an app's state waited for, on its way through the browser to the page that says it: sealed, since it
//! is said as a fact. What somebody made up, what is about another app or another change, and what is old says nothing.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use turnkeep_domain::app::App;
use turnkeep_service::cluster::propagation::Propagation;

use super::switch::word;
use crate::account::error_page::PageError;
use crate::account::page_request::PageRequest;

const PURPOSE: &str = "app-switch-effect";

/// A browser follows a redirect at once.
const LIFETIME: Duration = Duration::from_secs(60);

/// The change, and what it waited for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct StoredEffect {
    app: String,
    state: String,
    /// Since when the app is in this state, in microseconds since the epoch: the same app may be switched again.
    since: i64,
    nodes: usize,
    fenced: usize,
    /// In milliseconds.
    waited: u64,
}

impl StoredEffect {
    fn of(app: &App, propagation: &Propagation) -> Self {
        Self {
            app: app.id.to_string(),
            state: word(app.state).to_owned(),
            since: app.state_since.as_micros(),
            nodes: propagation.nodes,
            fenced: propagation.fenced,
            waited: u64::try_from(propagation.waited.as_millis()).unwrap_or(u64::MAX),
        }
    }

    fn is_about(&self, app: &App) -> bool {
        self.app == app.id.to_string()
            && self.state == word(app.state)
            && self.since == app.state_since.as_micros()
    }
}

/// Seals what the change to the state that the app has now waited for.
pub(super) fn seal_effect(
    page: &PageRequest,
    app: &App,
    propagation: &Propagation,
) -> Result<String, PageError> {
    let sealed =
        page.state.authority.seal_state(PURPOSE, &page.issuer, &StoredEffect::of(app, propagation), LIFETIME);
    sealed.map_err(|fault| page.fault(&fault))
}

/// What a sealed text says about the app as it is, in words.
pub(super) fn open_effect(page: &PageRequest, app: &App, text: &str) -> Result<Option<String>, PageError> {
    let opened = page.state.authority.open_state::<StoredEffect>(PURPOSE, &page.issuer, text);
    let effect = opened.map_err(|fault| page.fault(&fault))?.filter(|effect| effect.is_about(app));
    Ok(effect.map(|effect| in_words(effect.nodes, effect.fenced, effect.waited)))
}

fn in_words(nodes: usize, fenced: usize, waited: u64) -> String {
    let detail = match (nodes, fenced) {
        (0, _) => String::new(),
        (1, 0) => ", and the other node confirmed it".to_owned(),
        (more, 0) => format!(", and {more} other nodes confirmed it"),
        (_, 1) => ". One node did not answer in time: it serves nothing before it has caught up".to_owned(),
        (_, more) => {
            format!(". {more} nodes did not answer in time: they serve nothing before they have caught up")
        }
    };
    format!("It took effect on all nodes within {} ms{detail}.", waited.max(1))
}

#[cfg(test)]
mod tests {
    use super::in_words;

    #[test]
    fn what_a_change_waited_for_is_said_in_words() {
        for ((nodes, fenced, waited), expected) in [
            ((0, 0, 0), "It took effect on all nodes within 1 ms."),
            ((0, 0, 2), "It took effect on all nodes within 2 ms."),
            ((1, 0, 12), "It took effect on all nodes within 12 ms, and the other node confirmed it."),
            ((3, 0, 12), "It took effect on all nodes within 12 ms, and 3 other nodes confirmed it."),
            (
                (3, 1, 2_100),
                "It took effect on all nodes within 2100 ms. One node did not answer in time: it serves nothing \
                 before it has caught up.",
            ),
            (
                (3, 2, 2_100),
                "It took effect on all nodes within 2100 ms. 2 nodes did not answer in time: they serve nothing \
                 before they have caught up.",
            ),
        ] {
            assert_eq!(in_words(nodes, fenced, waited), expected);
        }
    }
}
