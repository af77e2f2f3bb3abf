//! Who may take its operators from an instance? Whoever goes on operating it without them.

/// What the decision depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OperatorLossFacts {
    /// Who wants it.
    pub taker: OfficeTaker,
    /// Whether the user in question operates the instance and is not disabled.
    pub operates: bool,
    /// How many *other* users operate the instance and are not disabled.
    pub other_operators: u32,
}

/// Who takes an office away, or disables who has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfficeTaker {
    /// A person of the same instance, who operates it by such an office and in no other way.
    PersonOfInstance,
    /// An app with the operator's scope, an operator of the default instance elsewhere, or whoever has the server's
    /// files: each of them can give the office to somebody else afterwards.
    Other,
}

/// The instance would be left without anybody who operates it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("nobody would be left who operates the instance")]
pub struct LastOperator;

/// Nobody locks the people who operate an instance out, themselves included. Who operates it in another way may leave
/// it without such people: an instance can be looked after by programs alone, and somebody who has to go at once
/// must not stay until another person is found.
pub const fn decide_operator_loss(facts: OperatorLossFacts) -> Result<(), LastOperator> {
    match facts.taker {
        OfficeTaker::PersonOfInstance if facts.operates && facts.other_operators == 0 => Err(LastOperator),
        OfficeTaker::PersonOfInstance | OfficeTaker::Other => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_person_stays_unless_the_caller_goes_on_without_them() {
        for (taker, operates, other_operators, expected) in [
            (OfficeTaker::PersonOfInstance, true, 0, Err(LastOperator)),
            (OfficeTaker::PersonOfInstance, true, 1, Ok(())),
            (OfficeTaker::PersonOfInstance, false, 0, Ok(())),
            (OfficeTaker::PersonOfInstance, false, 1, Ok(())),
            (OfficeTaker::Other, true, 0, Ok(())),
            (OfficeTaker::Other, true, 1, Ok(())),
            (OfficeTaker::Other, false, 0, Ok(())),
        ] {
            let facts = OperatorLossFacts { taker, operates, other_operators };
            assert_eq!(decide_operator_loss(facts), expected, "{facts:?}");
        }
    }
}
