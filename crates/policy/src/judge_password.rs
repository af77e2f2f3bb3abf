//! Is this password too easy to guess? (NIST SP 800-63B §3.1.1.2: length and a blocklist, and no rules of composition.)

use crate::common_passwords::is_common;

/// The fewest characters of a password that is the only factor.
pub const MIN_ALONE: usize = 15;

/// The fewest characters of a password beside a second factor.
pub const MIN_WITH_SECOND_FACTOR: usize = 8;

/// The most bytes of a password. Everybody's sentences fit (at least 64 characters have to be accepted).
pub const MAX_BYTES: usize = 1024;

/// How many characters a password needs besides what everybody would guess.
const MIN_BESIDES: usize = 8;

/// The shortest name that is looked for in a password, in characters.
const MIN_NAME: usize = 4;

/// What is known about whose password it is.
#[derive(Debug, Clone, Copy)]
pub struct PasswordFacts<'a> {
    /// The name its owner signs in with.
    pub user_name: &'a str,
    /// The name that others see.
    pub display_name: &'a str,
    /// The owner's address.
    pub email: Option<&'a str>,
    /// What the pages are headed with.
    pub instance_name: &'a str,
    /// Whether something else is asked for besides the password.
    pub has_second_factor: bool,
}

/// Why a password is not good enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordDenial {
    /// It has too few characters.
    #[error("a password has at least {minimum} characters")]
    TooShort {
        /// How many it needs.
        minimum: usize,
    },
    /// It has more than [`MAX_BYTES`] bytes.
    #[error("a password has at most {MAX_BYTES} bytes")]
    TooLong,
    /// It has control characters, which forms and keyboards do not agree on.
    #[error("a password has no control characters")]
    ControlCharacter,
    /// It is a password that many people have, with little else.
    #[error("the password is one that many people have")]
    Common,
    /// It is a pattern: something repeated, counted up or down, or keys side by side.
    #[error("the password is a simple pattern")]
    Pattern,
    /// It is a name of its owner or of the site, with little else.
    #[error("the password is made of a name that others know")]
    KnownName,
}

impl PasswordDenial {
    /// A stable code of the cause.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooShort { .. } => "password_too_short",
            Self::TooLong => "password_too_long",
            Self::ControlCharacter => "password_control_character",
            Self::Common => "password_common",
            Self::Pattern => "password_pattern",
            Self::KnownName => "password_known_name",
        }
    }
}

/// Judges a password in Unicode normal form C. Every code point is one character.
pub fn judge_password(password: &str, facts: &PasswordFacts<'_>) -> Result<(), PasswordDenial> {
    let minimum = if facts.has_second_factor { MIN_WITH_SECOND_FACTOR } else { MIN_ALONE };
    let characters: Vec<char> = password.chars().flat_map(char::to_lowercase).collect();
    if MAX_BYTES < password.len() {
        return Err(PasswordDenial::TooLong);
    }
    if password.chars().count() < minimum {
        return Err(PasswordDenial::TooShort { minimum });
    }
    if password.chars().any(char::is_control) {
        return Err(PasswordDenial::ControlCharacter);
    }
    if is_pattern(&characters) {
        return Err(PasswordDenial::Pattern);
    }
    let folded: String = characters.iter().collect();
    if names(facts).iter().any(|name| is_little_besides(&folded, name)) {
        return Err(PasswordDenial::KnownName);
    }
    if is_common_with_little_else(&folded) {
        return Err(PasswordDenial::Common);
    }
    Ok(())
}

/// Every name, whole and in its words.
fn names(facts: &PasswordFacts<'_>) -> Vec<String> {
    let PasswordFacts { user_name, display_name, email, instance_name, .. } = *facts;
    let whole = [Some(user_name), Some(display_name), email, Some(instance_name)];
    let mut names: Vec<String> = Vec::new();
    for name in whole.into_iter().flatten().map(str::to_lowercase) {
        names.extend(name.split(|c: char| !c.is_alphanumeric()).map(str::to_owned));
        names.push(name.chars().filter(|c| c.is_alphanumeric()).collect());
        names.push(name);
    }
    names.retain(|name| MIN_NAME <= name.chars().count());
    // The longest first: what a part of a name leaves may be the rest of it.
    names.sort_by_key(|name| std::cmp::Reverse(name.len()));
    names.dedup();
    names
}

/// Whether the password is this, once or more often, with fewer than a few characters besides, or with a pattern.
fn is_little_besides(password: &str, known: &str) -> bool {
    if !password.contains(known) {
        return false;
    }
    let rest: Vec<char> = password.replace(known, "").chars().collect();
    is_little(&rest)
}

/// Whether this makes hardly a difference: few characters, or a pattern with a sign before or behind it.
fn is_little(rest: &[char]) -> bool {
    let plain: Vec<char> = rest.iter().copied().filter(|c| c.is_alphanumeric()).collect();
    rest.len() < MIN_BESIDES || is_pattern(rest) || is_pattern(&plain)
}

/// Whether it is in the list as a whole, in the usual disguises, or after its beginning or end was taken away that is
/// no letter.
fn is_common_with_little_else(folded: &str) -> bool {
    let plain = undisguised(folded);
    [folded, plain.as_str()].into_iter().any(|text| {
        let core = text.trim_matches(|c: char| !c.is_alphabetic());
        let squeezed: String = core.chars().filter(|c| c.is_alphanumeric()).collect();
        let rest: Vec<char> = text.replacen(core, "", 1).chars().collect();
        let is_core = !core.is_empty() && (is_common(core) || is_common(&squeezed) || is_twice_common(core));
        is_common(text) || (is_core && is_little(&rest))
    })
}

/// Two of the list side by side.
fn is_twice_common(text: &str) -> bool {
    text.char_indices().skip(1).any(|(index, _)| {
        text.split_at_checked(index).is_some_and(|(first, second)| {
            let second = second.trim_start_matches(|c: char| !c.is_alphanumeric());
            let first = first.trim_end_matches(|c: char| !c.is_alphanumeric());
            is_common(first) && is_common(second)
        })
    })
}

/// `p@ssw0rd` is `password`.
fn undisguised(folded: &str) -> String {
    folded
        .chars()
        .map(|c| match c {
            '@' | '4' => 'a',
            '0' => 'o',
            '1' | '!' | '|' => 'i',
            '3' => 'e',
            '5' | '$' => 's',
            '7' => 't',
            other => other,
        })
        .collect()
}

/// Whether the text is something short repeated, or made of few runs: a character again and again, counted up or down,
/// or keys side by side.
fn is_pattern(characters: &[char]) -> bool {
    let length = characters.len();
    let repeats = |period: usize| {
        characters.iter().zip(characters.iter().skip(period)).all(|(before, after)| before == after)
    };
    // At least twice, and three times where it is longer than a word.
    if (1..=length / 2).any(|period| (period <= 8 || period <= length / 3) && repeats(period)) {
        return true;
    }
    let breaks = characters
        .iter()
        .zip(characters.iter().skip(1))
        .filter(|(before, after)| !are_neighbours(**before, **after))
        .count();
    4 * (breaks + 1) <= length
}

const KEYBOARDS: [&str; 9] = [
    "`1234567890-=",
    "qwertyuiop[]",
    "asdfghjkl;'",
    "zxcvbnm,./",
    "qwertzuiopü",
    "yxcvbnm,.-",
    "azertyuiop",
    "qsdfghjklm",
    "wxcvbn,;:!",
];

fn are_neighbours(before: char, after: char) -> bool {
    let distance = u32::from(before).abs_diff(u32::from(after));
    if distance <= 1 || matches!((before, after), ('9', '0') | ('0', '9') | ('z', 'a') | ('a', 'z')) {
        return true;
    }
    KEYBOARDS.iter().any(|row| {
        row.chars().zip(row.chars().skip(1)).any(|pair| pair == (before, after) || pair == (after, before))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(password: &str, has_second_factor: bool) -> Result<(), PasswordDenial> {
        let facts = PasswordFacts {
            user_name: "ada.lovelace",
            display_name: "Ada Lovelace",
            email: Some("countess@analytical.example"),
            instance_name: "Difference Engines",
            has_second_factor,
        };
        judge_password(password, &facts)
    }

    #[test]
    fn length_is_counted_in_characters_and_bounded_in_bytes() {
        let short = |minimum| Err(PasswordDenial::TooShort { minimum });
        for (password, second_factor, expected) in [
            ("", false, short(15)),
            ("mvk-tql-zuh-34", false, short(15)),
            ("mvk-tql-zuh-347", false, Ok(())),
            ("mvk-tql", true, short(8)),
            ("mvk-tqlz", true, Ok(())),
            ("žluťoučký-kůň-běž", false, Ok(())),
            ("длинныйпароль7й", false, Ok(())),
            ("🦀🐙🦑🐡🐟🐬🦭🐳", true, Ok(())),
        ] {
            assert_eq!(judged(password, second_factor), expected, "{password}");
        }
        let sentence = "the quick onyx goblin jumps over a lazy dwarf while reading novels";
        assert!(64 <= sentence.len());
        assert_eq!(judged(sentence, false), Ok(()));
        let long: String = sentence.repeat(15) + &sentence.chars().take(34).collect::<String>();
        assert_eq!(long.len(), MAX_BYTES);
        assert_ne!(judged(&long, false), Err(PasswordDenial::TooLong));
        assert_eq!(judged(&(long + "x"), false), Err(PasswordDenial::TooLong));
    }

    #[test]
    fn no_rule_of_composition_stands_in_the_way() {
        for password in [
            "violet tractor sings",
            "kolibrizugvogelnest",
            "839104756201938",
            "ZQMTXWVLKPFRBNC",
            "¿puedo entrar ya?",
        ] {
            assert_eq!(judged(password, false), Ok(()), "{password}");
        }
    }

    #[test]
    fn control_characters_are_refused() {
        for password in ["violet\0tractor sings", "violet tractor sings\0", "violet\ttractor sings"] {
            assert_eq!(judged(password, false), Err(PasswordDenial::ControlCharacter), "{password:?}");
        }
    }

    #[test]
    fn patterns_are_refused() {
        for password in [
            "aaaaaaaaaaaaaaaa",
            "abababababababab",
            "abcabcabcabcabcabc",
            "1234567890123456",
            "abcdefghijklmnopq",
            "zyxwvutsrqponmlk",
            "QwertyuiopAsdfghjkl",
            "qwertzuiopasdfgh",
            "aaaabbbbccccdddd",
            "12345678abcdefgh",
            "hunter2-hunter2-hunter2-",
            "tractor!tractor!",
            "qwertyuiop123456",
        ] {
            assert_eq!(judged(password, false), Err(PasswordDenial::Pattern), "{password}");
        }
    }

    #[test]
    fn names_that_others_know_are_refused_with_little_else() {
        for password in [
            "ada.lovelace2026",
            "LovelaceLovelace1",
            "adalovelace1234567890",
            "countess@analytical.example",
            "differenceengines!",
            "Ada Lovelace 1815",
        ] {
            assert_eq!(judged(password, false), Err(PasswordDenial::KnownName), "{password}");
        }
        assert_eq!(judged("lovelace plays xylophone", false), Ok(()));
    }

    #[test]
    fn what_many_people_have_is_refused_in_every_disguise() {
        for password in [
            "password",
            "P@ssw0rd",
            "Passw0rd!",
            "iloveyou",
            "sunshine1",
            "trustno1",
            "letmein123",
            "welcome2026",
            "football99",
            "!!dragon!!",
            "monkey12345678",
        ] {
            assert_eq!(judged(password, true), Err(PasswordDenial::Common), "{password}");
        }
        for password in
            ["Password20262026!", "correcthorsebatterystaple", "sunshine-princess", "Welcome-Dragon1!"]
        {
            assert_eq!(judged(password, false), Err(PasswordDenial::Common), "{password}");
        }
        assert_eq!(judged("dragon 83 kv!7_qz", false), Ok(()));
    }
}
