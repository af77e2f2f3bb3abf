//! Guesses at one app's secret from many addresses. They can only be worth it where the secret was imported: one that was
//! generated has 256 random bits and a form that shows, and whoever presents that form is never held up here. Everything
//! else is counted for the app, but for addresses where the app has authenticated before: failing on an app from elsewhere
//! keeps it from none of those.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use turnkeep_domain::app::App;
use turnkeep_domain::id::AppId;
use turnkeep_secret::generated::{GeneratedForm, check_form};
use turnkeep_secret::plaintext::PlaintextSecret;

use crate::authority::Authority;
use crate::sign_in::throttle::{Attempt, Guess, network_of};

/// How long an address is known after the last time.
const REMEMBERED: Duration = Duration::from_secs(30 * 86_400);

/// How many are known at most.
const CAPACITY: usize = 100_000;

/// An app, and a network where it has authenticated.
type Place = (AppId, [u8; 16]);

/// Where apps have authenticated with secrets that were not generated. In memory.
#[derive(Debug, Default)]
pub(crate) struct KnownPlaces(Mutex<HashMap<Place, Duration>>);

impl KnownPlaces {
    fn knows(&self, place: &Place, now: Duration) -> bool {
        self.lock().get(place).is_some_and(|last| now.saturating_sub(*last) < REMEMBERED)
    }

    fn note(&self, place: Place, now: Duration) {
        let mut places = self.lock();
        if CAPACITY <= places.len() && !places.contains_key(&place) {
            let mut times: Vec<Duration> = places.values().copied().collect();
            let (_, median, _) = times.select_nth_unstable(CAPACITY / 2);
            let median = *median;
            places.retain(|_, last| median < *last);
        }
        places.insert(place, now);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Place, Duration>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A secret that is about to be looked at.
pub(crate) enum ClientGuess<'a> {
    /// It has the form of one that cannot be guessed, or comes from nowhere that could be told apart.
    NotCounted,
    /// It comes from where the app is known.
    AtHome(Place),
    /// It comes from elsewhere.
    Elsewhere(Attempt<'a>, Place),
    /// There were too many before it: it is not looked at.
    Refused,
}

/// Counts the guess where it is one.
pub(crate) fn begin_client_guess<'a>(
    authority: &'a Authority,
    app: &App,
    presented: &PlaintextSecret,
    address: Option<IpAddr>,
) -> ClientGuess<'a> {
    let (GeneratedForm::Mistyped | GeneratedForm::Foreign, Some(address)) =
        (check_form(presented.expose()), address)
    else {
        return ClientGuess::NotCounted;
    };
    let (place, now) = ((app.id, network_of(address)), authority.clock.since_boot());
    if authority.known_places.knows(&place, now) {
        return ClientGuess::AtHome(place);
    }
    match authority.throttle.admit(&Guess::of_client(app.instance_id, app.id), now) {
        Ok(attempt) => ClientGuess::Elsewhere(attempt, place),
        Err(_) => ClientGuess::Refused,
    }
}

impl ClientGuess<'_> {
    /// The app authenticated: it is known there from now on.
    pub(crate) fn was_right(self, authority: &Authority) {
        let now = authority.clock.since_boot();
        match self {
            Self::AtHome(place) => authority.known_places.note(place, now),
            Self::Elsewhere(attempt, place) => {
                attempt.succeeded();
                authority.known_places.note(place, now);
            }
            Self::NotCounted | Self::Refused => {}
        }
    }

    /// It did not.
    pub(crate) fn was_wrong(self) {
        if let Self::Elsewhere(attempt, _) = self {
            attempt.failed();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(number: usize) -> Place {
        (AppId::from_bytes(u128::try_from(number).unwrap().to_be_bytes()), [0; 16])
    }

    #[test]
    fn places_are_known_for_thirty_days_and_take_bounded_room() {
        let places = KnownPlaces::default();
        places.note(place(1), Duration::from_secs(5));
        assert!(places.knows(&place(1), REMEMBERED));
        assert!(!places.knows(&place(1), REMEMBERED + Duration::from_secs(5)));
        assert!(!places.knows(&place(2), Duration::from_secs(5)));
        for number in 0..CAPACITY + 10 {
            places.note(place(number), Duration::from_millis(u64::try_from(number).unwrap()));
        }
        assert!(places.lock().len() <= CAPACITY);
        let latest = place(CAPACITY + 9);
        assert!(places.knows(&latest, Duration::from_secs(200)));
    }
}
