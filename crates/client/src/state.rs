//! What is known of the token at one moment, and what follows from it. Computes only: the time is an argument.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

use crate::access_token::AccessToken;
use crate::response::{Failure, Grant};
use crate::token_error::{Cause, Flaw, TokenError};
use crate::{backoff, jitter};

/// How a request ends; nothing while it is under way.
pub(crate) type Outcome = Option<Result<AccessToken, TokenError>>;

/// No token is kept for longer, whatever its lifetime.
const LONGEST_LIFETIME: Duration = Duration::from_secs(24 * 3_600);

/// So long before its expiry a token is not handed out any more, or a tenth of its life if that is less: it has
/// to survive its way to the resource.
const EXPIRY_MARGIN: Duration = Duration::from_secs(10);

/// At most so often the word of a resource server makes us ask for another token, for it may find fault with all.
const INVALIDATION_INTERVAL: Duration = Duration::from_secs(1);

/// The state of one client.
#[derive(Default)]
pub(crate) struct State {
    held: Option<Held>,
    flight: Option<watch::Receiver<Outcome>>,
    /// In a row.
    failures: u32,
    failure: Option<TokenError>,
    invalidated_at: Option<Instant>,
}

struct Held {
    token: AccessToken,
    renew_at: Instant,
    usable_until: Instant,
}

/// What a caller gets.
pub(crate) enum Look {
    /// A token that is still good.
    Token(AccessToken),
    /// Nothing yet: wait for this.
    Flight(watch::Receiver<Outcome>),
    /// Nothing, and nobody is asking.
    Failure(TokenError),
}

impl State {
    /// What a caller gets, and the sender of a request that has to be started now.
    pub(crate) fn look(&mut self, now: Instant) -> (Look, Option<watch::Sender<Outcome>>) {
        if let Some(held) = self.held.as_ref().filter(|held| now < held.usable_until) {
            let token = Look::Token(held.token.clone());
            let is_due = held.renew_at <= now && self.flight.is_none() && self.pause(now).is_none();
            return (token, is_due.then(|| self.begin_flight().0));
        }
        if let Some(flight) = &self.flight {
            return (Look::Flight(flight.clone()), None);
        }
        if let Some(failure) = self.pause(now) {
            return (Look::Failure(failure.clone()), None);
        }
        let (sender, receiver) = self.begin_flight();
        (Look::Flight(receiver), Some(sender))
    }

    /// Notes how the request ended that was begun at `asked_at`.
    pub(crate) fn land(
        &mut self,
        asked_at: Instant,
        now: Instant,
        answer: Result<Grant, Failure>,
    ) -> Result<AccessToken, TokenError> {
        self.flight = None;
        match answer.and_then(|grant| Held::new(grant, asked_at)) {
            Ok(held) => {
                let token = held.token.clone();
                (self.held, self.failures, self.failure) = (Some(held), 0, None);
                Ok(token)
            }
            Err(Failure { cause, retry_after }) => {
                self.failures = self.failures.saturating_add(1);
                let wait = backoff::wait(&cause, self.failures, retry_after);
                let failure = TokenError::new(cause, now + wait);
                self.failure = Some(failure.clone());
                Err(failure)
            }
        }
    }

    /// Notes that the request ended without an answer.
    pub(crate) fn abandon_flight(&mut self) {
        self.flight = None;
    }

    /// Drops the token if it is this one and the last time was long enough ago. Returns whether another token may
    /// be had.
    pub(crate) fn invalidate(&mut self, token: &AccessToken, now: Instant) -> bool {
        if !self.held.as_ref().is_some_and(|held| held.token.is(token)) {
            return true;
        }
        if self.invalidated_at.is_some_and(|last| now < last + INVALIDATION_INTERVAL) {
            return false;
        }
        (self.held, self.invalidated_at) = (None, Some(now));
        true
    }

    /// Why the last request failed, if it did.
    pub(crate) fn failure(&self) -> Option<&TokenError> {
        self.failure.as_ref()
    }

    fn pause(&self, now: Instant) -> Option<&TokenError> {
        self.failure.as_ref().filter(|failure| now < failure.retry_at())
    }

    fn begin_flight(&mut self) -> (watch::Sender<Outcome>, watch::Receiver<Outcome>) {
        let (sender, receiver) = watch::channel(None);
        self.flight = Some(receiver.clone());
        (sender, receiver)
    }
}

impl Held {
    /// Renewed somewhere between 60 % and 80 % of its life, counted from before it was asked for.
    fn new(grant: Grant, asked_at: Instant) -> Result<Self, Failure> {
        let lifetime = grant.lifetime.min(LONGEST_LIFETIME);
        let token = AccessToken::new(grant.token, grant.scope, asked_at + lifetime)
            .ok_or(Cause::Unusable(Flaw::Malformed))?;
        Ok(Self {
            token,
            renew_at: asked_at + lifetime * 4 / 5 - jitter::below(lifetime / 5),
            usable_until: asked_at + (lifetime - EXPIRY_MARGIN.min(lifetime / 10)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sensitive::Sensitive;
    use crate::token_error::Refusal;

    fn grant(token: &str, lifetime: u64) -> Result<Grant, Failure> {
        let token = Sensitive::from(token.to_owned());
        Ok(Grant { token, scope: None, lifetime: Duration::from_secs(lifetime) })
    }

    fn unavailable(retry_after: u64) -> Result<Grant, Failure> {
        let retry_after = Some(Duration::from_secs(retry_after));
        Err(Failure { cause: Cause::Unavailable(503), retry_after })
    }

    /// A client, and the moment at which it first asked.
    struct Client {
        state: State,
        begin: Instant,
    }

    impl Client {
        fn new() -> Self {
            Self { state: State::default(), begin: Instant::now() }
        }

        fn at(&self, seconds: f64) -> Instant {
            self.begin + Duration::from_secs_f64(seconds)
        }

        /// What a caller gets, in words; `+` if a request has to be started.
        fn look(&mut self, seconds: f64) -> String {
            let (look, begun) = self.state.look(self.at(seconds));
            let look = match look {
                Look::Token(token) => token.expose().to_owned(),
                Look::Flight(_) => "wait".to_owned(),
                Look::Failure(_) => "failure".to_owned(),
            };
            if begun.is_some() { look + "+" } else { look }
        }

        fn land(
            &mut self,
            asked: f64,
            now: f64,
            answer: Result<Grant, Failure>,
        ) -> Result<AccessToken, TokenError> {
            self.state.land(self.at(asked), self.at(now), answer)
        }
    }

    #[test]
    fn a_token_is_kept_renewed_while_it_is_good_and_given_up_before_it_expires() {
        let mut client = Client::new();
        assert_eq!(client.look(0.0), "wait+");
        assert_eq!(client.look(1.0), "wait");
        // Its life counts from when it was asked for, not from when it came.
        client.land(0.0, 5.0, grant("t1", 100)).unwrap();
        for (seconds, expected) in
            [(5.0, "t1"), (59.9, "t1"), (80.0, "t1+"), (80.0, "t1"), (89.9, "t1"), (90.0, "wait")]
        {
            assert_eq!(client.look(seconds), expected, "{seconds}");
        }
        client.land(80.0, 91.0, grant("t2", 100)).unwrap();
        assert_eq!(client.look(91.0), "t2");
        // The margin is 10 s at most.
        client.land(0.0, 0.0, grant("t3", 900)).unwrap();
        assert_eq!((client.look(889.9), client.look(890.0)), ("t3+".to_owned(), "wait".to_owned()));
    }

    #[test]
    fn renewals_of_many_clients_are_spread() {
        let renewals = || {
            let held = Held::new(grant("t", 1_000).unwrap(), Instant::now()).unwrap();
            held.token.expires_at().duration_since(held.renew_at).as_secs_f64()
        };
        let left: Vec<f64> = (0..1_000).map(|_| renewals()).collect();
        assert!(left.iter().all(|left| (200.0..=400.0).contains(left)));
        assert!(left.iter().any(|left| *left < 220.0) && left.iter().any(|left| 380.0 < *left));
    }

    #[test]
    fn absurd_lifetimes_are_bounded() {
        let mut client = Client::new();
        client.look(0.0);
        let token = client.land(0.0, 0.0, grant("t", u64::MAX)).unwrap();
        assert_eq!(token.expires_at(), client.begin + LONGEST_LIFETIME);
    }

    #[test]
    fn while_the_authority_fails_the_old_token_serves_and_nobody_asks() {
        let mut client = Client::new();
        client.look(0.0);
        client.land(0.0, 0.0, grant("t1", 100)).unwrap();
        assert_eq!(client.look(80.0), "t1+");
        let failure = client.land(80.0, 81.0, unavailable(5)).unwrap_err();
        assert!(client.at(86.0) <= failure.retry_at() && failure.retry_at() < client.at(86.5));
        for (seconds, expected) in [(85.9, "t1"), (86.5, "t1+")] {
            assert_eq!(client.look(seconds), expected, "{seconds}");
        }
        client.land(86.5, 87.0, unavailable(20)).unwrap_err();
        for (seconds, expected) in [(89.9, "t1"), (90.0, "failure"), (106.9, "failure"), (109.0, "wait+")] {
            assert_eq!(client.look(seconds), expected, "{seconds}");
        }
        client.land(109.0, 109.0, grant("t2", 100)).unwrap();
        assert_eq!(client.look(110.0), "t2");
        assert!(client.state.failure().is_none());
    }

    #[test]
    fn failures_in_a_row_are_counted_until_a_token_comes() {
        let refused = || Err(Failure::from(Cause::Refused(Refusal::InvalidClient)));
        let mut client = Client::new();
        let mut waits = |seconds: f64, answer| {
            let failure = client.land(seconds, seconds, answer).err()?;
            Some(failure.retry_at().duration_since(client.at(seconds)).as_secs_f64())
        };
        assert!((5.0..=10.0).contains(&waits(0.0, refused()).unwrap()));
        assert!((10.0..=20.0).contains(&waits(1.0, refused()).unwrap()));
        assert!((20.0..=40.0).contains(&waits(2.0, refused()).unwrap()));
        assert_eq!(waits(3.0, grant("t", 100)), None);
        assert!((5.0..=10.0).contains(&waits(4.0, refused()).unwrap()));
    }

    #[test]
    fn a_token_that_fits_into_no_header_is_a_failure() {
        let mut client = Client::new();
        let failure = client.land(0.0, 0.0, grant("a b", 100)).unwrap_err();
        assert!(matches!(failure.cause(), Cause::Unusable(Flaw::Malformed)));
    }

    #[test]
    fn a_token_that_was_found_bad_is_replaced_at_most_once_a_second() {
        let mut client = Client::new();
        let next =
            |client: &mut Client, seconds, name| client.land(seconds, seconds, grant(name, 100)).unwrap();
        let first = next(&mut client, 0.0, "t1");
        assert!(client.state.invalidate(&first, client.at(1.0)));
        assert_eq!(client.look(1.0), "wait+");
        let second = next(&mut client, 1.0, "t2");
        // Found bad by a slower caller: there is another one already.
        assert!(client.state.invalidate(&first, client.at(1.5)));
        assert_eq!(client.look(1.5), "t2");
        assert!(!client.state.invalidate(&second, client.at(1.9)));
        assert_eq!(client.look(1.9), "t2");
        assert!(client.state.invalidate(&second, client.at(2.0)));
        assert_eq!(client.look(2.0), "wait+");
    }
}
