//! What may a user be found by? People type their user name or their e-mail address into one field, so that nothing that
//! reads as an address may find two users, or another one than the mailbox belongs to.

use turnkeep_domain::email_address::EmailAddress;
use turnkeep_domain::id::UserId;
use turnkeep_domain::user::UserName;

/// Why a user cannot be found by something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UserIdentifierDenial {
    /// The name could be anybody's address.
    #[error("a user name that reads as an e-mail address has to be the address of the same user")]
    NameReadsAsAddress,
    /// Somebody else has the address, or has it as a name.
    #[error("another user has this address, or goes by it")]
    AddressTaken,
}

/// Who is found by an address at present.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AddressFacts {
    /// Whose address it is.
    pub owner: Option<UserId>,
    /// Whose name it is.
    pub named: Option<UserId>,
}

/// Whether a new user may have the name. A name is for good, so this is asked once.
pub fn decide_user_name(name: &UserName, email: Option<&EmailAddress>) -> Result<(), UserIdentifierDenial> {
    let reads_as_address = EmailAddress::parse(name.as_str()).is_ok();
    let is_own = email.is_some_and(|email| email.key() == name.as_str());
    if reads_as_address && !is_own { Err(UserIdentifierDenial::NameReadsAsAddress) } else { Ok(()) }
}

/// Whether a user may have the address; a new one has no id yet.
pub fn decide_user_address(
    user_id: Option<UserId>,
    facts: &AddressFacts,
) -> Result<(), UserIdentifierDenial> {
    let is_another = |found: Option<UserId>| found.is_some() && found != user_id;
    if is_another(facts.owner) || is_another(facts.named) {
        Err(UserIdentifierDenial::AddressTaken)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_reads_as_an_address_is_that_of_the_user() {
        let denied = Err(UserIdentifierDenial::NameReadsAsAddress);
        for (name, email, expected) in [
            ("ada", None, Ok(())),
            ("ada", Some("ada@example.com"), Ok(())),
            ("ada@example.com", Some("ada@example.com"), Ok(())),
            ("ADA@example.com", Some("ada@Example.COM"), Ok(())),
            ("ada@example.com", None, denied),
            ("ada@example.com", Some("bob@example.com"), denied),
            ("ada@localhost", None, denied),
            // Nobody's mail goes to these.
            ("@ada", None, Ok(())),
            ("ada@", None, Ok(())),
            ("corp\\ada", None, Ok(())),
            ("a@b@example.com", None, Ok(())),
        ] {
            let email = email.map(|text| EmailAddress::parse(text).unwrap());
            let decided = decide_user_name(&UserName::parse(name).unwrap(), email.as_ref());
            assert_eq!(decided, expected, "{name} {email:?}");
        }
    }

    #[test]
    fn an_address_finds_nobody_else() {
        let [ada, eve] = [1, 2].map(|byte| UserId::from_bytes([byte; 16]));
        let denied = Err(UserIdentifierDenial::AddressTaken);
        for (user, owner, named, expected) in [
            (Some(ada), None, None, Ok(())),
            (Some(ada), Some(ada), Some(ada), Ok(())),
            (Some(ada), Some(eve), None, denied),
            (Some(ada), None, Some(eve), denied),
            (Some(ada), Some(ada), Some(eve), denied),
            (None, None, None, Ok(())),
            (None, Some(eve), None, denied),
            (None, None, Some(eve), denied),
        ] {
            assert_eq!(decide_user_address(user, &AddressFacts { owner, named }), expected);
        }
    }
}
