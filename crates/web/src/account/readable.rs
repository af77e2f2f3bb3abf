//! Times, browsers, ways to sign in and the beginnings of sentences, as people read them.

use turnkeep_console::parts::moment::Moment;
use turnkeep_domain::authentication::{Authentication, AuthenticationMethod};
use turnkeep_domain::time::Timestamp;
use turnkeep_protocol::rfc3339::format_utc;

/// How much is shown of a description that says nothing to us.
const MAX_UNKNOWN_CHARACTERS: usize = 80;

/// Names in descriptions of browsers, and what they are called. Most pretend to be others, so the order counts.
const BROWSERS: [(&str, &str); 6] = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("HeadlessChrome/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];

const SYSTEMS: [(&str, &str); 7] = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
];

/// A point in time, to the minute: `2026-11-22 09:30 UTC`.
pub(crate) fn moment(at: Timestamp) -> Moment {
    let rfc3339 = format_utc(at);
    let to_the_minute: String = rfc3339.chars().take(16).collect();
    let utc = format!("{} UTC", to_the_minute.replace('T', " "));
    Moment { rfc3339, utc }
}

/// What a browser is, as far as its description tells: `Firefox on Linux`.
pub(crate) fn readable_browser(user_agent: &str) -> String {
    let named = |names: &[(&str, &'static str)]| {
        names.iter().find(|(part, _)| user_agent.contains(part)).map(|(_, name)| *name)
    };
    match (named(&BROWSERS), named(&SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(browser), None) => browser.to_owned(),
        (None, _) => user_agent.chars().take(MAX_UNKNOWN_CHARACTERS).collect(),
    }
}

/// How somebody signed in: `Password and code`.
pub(crate) fn readable_methods(authentication: &Authentication) -> String {
    let words: Vec<&str> = authentication.methods().map(word).collect();
    capitalised(&words.join(" and "))
}

/// A text, begun with a capital letter.
pub(crate) fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn word(method: AuthenticationMethod) -> &'static str {
    match method {
        AuthenticationMethod::Password => "password",
        AuthenticationMethod::Totp => "code",
        AuthenticationMethod::RecoveryCode => "recovery code",
        AuthenticationMethod::Passkey => "passkey",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_to_the_minute() {
        for (secs, utc) in [(0, "1970-01-01 00:00 UTC"), (1_795_339_799, "2026-11-22 09:29 UTC")] {
            let at = Timestamp::from_secs(secs);
            assert_eq!(moment(at), Moment { rfc3339: format_utc(at), utc: utc.to_owned() });
        }
    }

    #[test]
    fn browsers_are_told_by_what_they_say() {
        for (user_agent, expected) in [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
            (
                "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/1 Safari/537.36 Edg/1",
                "Edge on Windows",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Safari/604",
                "Safari on iPhone",
            ),
            ("curl/8", "curl/8"),
            ("", ""),
        ] {
            assert_eq!(readable_browser(user_agent), expected);
        }
        assert_eq!(readable_browser(&"é".repeat(500)).chars().count(), MAX_UNKNOWN_CHARACTERS);
    }

    #[test]
    fn methods_are_named_in_order() {
        use AuthenticationMethod::{Passkey, Password, Totp};
        let at = Timestamp::from_secs(0);
        for (authentication, expected) in [
            (Authentication::by(Passkey, at), "Passkey"),
            (Authentication::by(Password, at).and(Totp, at), "Password and code"),
        ] {
            assert_eq!(readable_methods(&authentication), expected);
        }
    }
}
