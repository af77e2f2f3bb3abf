//! Who may learn about a token (RFC 7662 §2.1 and §4).

use turnkeep_domain::id::AppId;

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Introspector {
    /// An app that authenticated.
    App {
        /// The app.
        id: AppId,
        /// Whether it serves the resource that the token is for.
        serves_audience: bool,
    },
    /// A bearer of an operator's token of the same instance.
    Operator,
}

/// What the answer may tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Visibility {
    /// The token as it is.
    Visible,
    /// That it is inactive, whatever it is.
    Hidden,
}

/// An app sees its own tokens, a resource server those for its resource, an operator all.
pub fn decide_introspection(introspector: Introspector, issued_to: AppId) -> Visibility {
    match introspector {
        Introspector::Operator => Visibility::Visible,
        Introspector::App { id, serves_audience } if serves_audience || id == issued_to => {
            Visibility::Visible
        }
        Introspector::App { .. } => Visibility::Hidden,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stranger_sees_nothing() {
        let (own, other) = (AppId::from_bytes([1; 16]), AppId::from_bytes([2; 16]));
        for (introspector, expected) in [
            (Introspector::App { id: own, serves_audience: false }, Visibility::Visible),
            (Introspector::App { id: other, serves_audience: true }, Visibility::Visible),
            (Introspector::App { id: other, serves_audience: false }, Visibility::Hidden),
            (Introspector::Operator, Visibility::Visible),
        ] {
            assert_eq!(decide_introspection(introspector, own), expected, "{introspector:?}");
        }
    }
}
