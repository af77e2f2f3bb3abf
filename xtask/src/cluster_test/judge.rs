//! Holds what happened against what may happen. Pure: from a journal to a list of violations.

use std::time::{Duration, Instant};

use super::journal::{Acceptance, Blemish, Disturbance, Fault, Journal, Kill, Leeway, Scope, Span};
use super::seat::Seat;

mod calls;

/// In so much time the load reaches every node many times.
const LONG_ENOUGH_TO_SERVE: Duration = Duration::from_secs(1);

/// Everything that must not have happened, each told in a line.
pub(super) fn violations(journal: &Journal) -> Vec<String> {
    let accepted = old_state_honoured(journal);
    let blemished = journal.blemishes.iter().filter(|blemish| !is_excused(blemish, &journal.disturbances));
    let accepted = accepted.into_iter().chain(blemished.map(Blemish::to_string));
    accepted.chain(calls::violations(journal)).chain(starved(journal)).collect()
}

/// Everything that was accepted although it was dead.
pub(super) fn old_state_honoured(journal: &Journal) -> Vec<String> {
    let accepted = journal.acceptances.iter().filter_map(|acceptance| {
        let kill = journal.kills.iter().find(|kill| honours_old_state(acceptance, kill))?;
        Some(describe(acceptance, kill))
    });
    accepted.collect()
}

/// While a node was disturbed for a while, each that was not must have served somebody.
fn starved(journal: &Journal) -> Vec<String> {
    let long =
        journal.disturbances.iter().filter(|disturbance| disturbance.span.took() >= LONG_ENOUGH_TO_SERVE);
    let has_served = |seat: Seat, during: &Disturbance| {
        journal.acceptances.iter().any(|acceptance| {
            let Span { started, ended } = acceptance.span;
            acceptance.seat == Some(seat) && during.span.started <= started && ended <= during.span.ended
        })
    };
    let is_disturbed = |seat: Seat, during: &Disturbance| {
        journal.disturbances.iter().any(|other| other.seat == seat && other.span.overlaps(during.span))
    };
    long.flat_map(|during| Seat::ALL.map(|seat| (seat, during)))
        .filter(|(seat, during)| !is_disturbed(*seat, during) && !has_served(*seat, during))
        .map(|(seat, during)| {
            format!("{} served nobody while {} was disturbed", seat.name(), during.seat.name())
        })
        .collect()
}

/// Whether something was accepted that was dead when the request began, and could not have come back to life before
/// it was answered.
fn honours_old_state(acceptance: &Acceptance, kill: &Kill) -> bool {
    let Acceptance { app, secret, token, span, .. } = acceptance;
    if *app != kill.app || span.started < kill.returned {
        return false;
    }
    let is_before_revival = |at: Instant| kill.revived.is_none_or(|revived| at <= revived);
    match (kill.scope, token) {
        (Scope::Token(killed), Some(token)) => token.number == killed,
        (Scope::Token(_), None) => false,
        (Scope::Secret(killed), _) => *secret == killed,
        // Tokens from before the revival stay dead after it.
        (Scope::All, Some(token)) => is_before_revival(token.received),
        (Scope::All, None) => is_before_revival(span.ended),
    }
}

fn is_excused(blemish: &Blemish, disturbances: &[Disturbance]) -> bool {
    let excuses = |disturbance: &&Disturbance| {
        blemish.seat == Some(disturbance.seat) && blemish.span.overlaps(disturbance.span)
    };
    let mut excuses = disturbances.iter().filter(excuses);
    match &blemish.fault {
        Fault::Unavailable => excuses.next().is_some(),
        Fault::NoAnswer(_) => excuses.any(|disturbance| disturbance.leeway == Leeway::Silent),
        Fault::Wrong(_) => false,
    }
}

fn describe(acceptance: &Acceptance, kill: &Kill) -> String {
    let what = match acceptance.token {
        Some(token) => format!("called token {} of secret {} active", token.number, acceptance.secret),
        None => format!("gave a token for secret {}", acceptance.secret),
    };
    let late = acceptance.span.started.saturating_duration_since(kill.returned);
    format!(
        "{} {what} of app {}, asked {} ms after it was killed ({}), answered after {} ms",
        name(acceptance.seat),
        acceptance.app,
        late.as_millis(),
        kill.what,
        acceptance.span.took().as_millis()
    )
}

impl std::fmt::Display for Blemish {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}, {}: ", name(self.seat), self.what)?;
        match &self.fault {
            Fault::Unavailable => f.write_str("503")?,
            Fault::NoAnswer(why) => write!(f, "no answer ({why})")?,
            Fault::Wrong(why) => f.write_str(why)?,
        }
        write!(f, ", after {} ms", self.span.took().as_millis())
    }
}

fn name(seat: Option<Seat>) -> &'static str {
    seat.map_or("no node", Seat::name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster_test::journal::TokenTrace;

    struct Times(Instant);

    impl Times {
        fn at(&self, ms: u64) -> Instant {
            self.0 + Duration::from_millis(ms)
        }

        fn span(&self, from: u64, to: u64) -> Span {
            Span { started: self.at(from), ended: self.at(to) }
        }

        fn found(&self, kill: &Kill, acceptance: Acceptance) -> bool {
            let journal =
                Journal { kills: vec![kill.clone()], acceptances: vec![acceptance], ..Journal::default() };
            !violations(&journal).is_empty()
        }

        fn kill(&self, scope: Scope, revived: Option<u64>) -> Kill {
            let revived = revived.map(|ms| self.at(ms));
            Kill { app: 1, scope, returned: self.at(100), revived, what: "disable".to_owned() }
        }

        fn given(&self, secret: u32, from: u64, to: u64) -> Acceptance {
            Acceptance { app: 1, secret, token: None, span: self.span(from, to), seat: None }
        }

        fn active(&self, number: u64, received: u64, from: u64, to: u64) -> Acceptance {
            let token = Some(TokenTrace { number, received: self.at(received) });
            Acceptance { token, ..self.given(1, from, to) }
        }
    }

    #[test]
    fn a_token_that_is_given_between_kill_and_revival_is_found() {
        let times = Times(Instant::now());
        let kill = times.kill(Scope::All, Some(200));
        for (from, to, found) in [
            // Asked before the kill had returned, whenever it was answered.
            (90, 99, false),
            (99, 150, false),
            (100, 101, true),
            (150, 200, true),
            // It may have been decided after the revival.
            (150, 201, false),
            (201, 202, false),
        ] {
            assert_eq!(times.found(&kill, times.given(1, from, to)), found, "{from} {to}");
        }
        assert!(times.found(&times.kill(Scope::All, None), times.given(1, 5_000, 5_001)));
        assert!(!times.found(&Kill { app: 2, ..kill }, times.given(1, 150, 160)));
    }

    #[test]
    fn a_token_from_before_the_revival_is_dead_for_ever() {
        let times = Times(Instant::now());
        let kill = times.kill(Scope::All, Some(200));
        for (received, from, to, found) in [
            (50, 90, 150, false),
            (50, 100, 101, true),
            (50, 5_000, 5_001, true),
            // It slipped out of a node that was frozen.
            (150, 5_000, 5_001, true),
            (201, 5_000, 5_001, false),
        ] {
            assert_eq!(
                times.found(&kill, times.active(1, received, from, to)),
                found,
                "{received} {from} {to}"
            );
        }
    }

    #[test]
    fn a_secret_or_a_token_is_dead_by_itself() {
        let times = Times(Instant::now());
        let secret = times.kill(Scope::Secret(7), None);
        assert!(times.found(&secret, times.given(7, 100, 110)));
        assert!(!times.found(&secret, times.given(8, 100, 110)));
        let token = times.kill(Scope::Token(7), None);
        assert!(times.found(&token, times.active(7, 50, 100, 110)));
        assert!(!times.found(&token, times.active(8, 50, 100, 110)));
        assert!(!times.found(&token, times.given(1, 100, 110)));
    }

    #[test]
    fn a_failure_is_excused_while_its_node_is_disturbed() {
        let times = Times(Instant::now());
        let no_answer = || Fault::NoAnswer("cut".to_owned());
        let wrong = || Fault::Wrong("500".to_owned());
        let (here, elsewhere) = (Some(Seat::First), Some(Seat::Second));
        for (leeway, seat, from, to, fault, excused) in [
            (Leeway::Unavailable, here, 110, 120, Fault::Unavailable, true),
            (Leeway::Unavailable, here, 90, 100, Fault::Unavailable, true),
            (Leeway::Unavailable, here, 90, 99, Fault::Unavailable, false),
            (Leeway::Unavailable, here, 201, 210, Fault::Unavailable, false),
            (Leeway::Unavailable, elsewhere, 110, 120, Fault::Unavailable, false),
            (Leeway::Unavailable, None, 110, 120, Fault::Unavailable, false),
            (Leeway::Unavailable, here, 110, 120, no_answer(), false),
            (Leeway::Silent, here, 110, 120, no_answer(), true),
            (Leeway::Silent, here, 110, 120, Fault::Unavailable, true),
            (Leeway::Silent, here, 110, 120, wrong(), false),
        ] {
            let span = times.span(from, to);
            let disturbance = Disturbance { seat: Seat::First, span: times.span(100, 200), leeway };
            let described = format!("{leeway:?} {seat:?} {fault:?}");
            let blemish = Blemish { seat, span, fault, what: "token".to_owned() };
            let journal =
                Journal { blemishes: vec![blemish], disturbances: vec![disturbance], ..Journal::default() };
            assert_eq!(violations(&journal).is_empty(), excused, "{described}");
        }
    }

    #[test]
    fn nodes_that_are_not_disturbed_have_to_serve() {
        let times = Times(Instant::now());
        let span = times.span(1_000, 3_000);
        let disturbance = |seat| Disturbance { seat, span, leeway: Leeway::Silent };
        let served = |seat, from, to| Acceptance { seat: Some(seat), ..times.given(1, from, to) };
        let found = |disturbed: &[Seat], acceptances: Vec<Acceptance>| {
            let disturbances = disturbed.iter().map(|seat| disturbance(*seat)).collect();
            violations(&Journal { acceptances, disturbances, ..Journal::default() }).len()
        };
        let second = served(Seat::Second, 1_500, 1_600);
        assert_eq!(found(&[Seat::First], vec![second, served(Seat::Third, 2_000, 2_001)]), 0);
        assert_eq!(found(&[Seat::First], vec![second, served(Seat::Third, 2_999, 3_001)]), 1);
        assert_eq!(found(&[Seat::First], vec![]), 2);
        assert_eq!(found(&Seat::ALL, vec![]), 0);
    }
}
