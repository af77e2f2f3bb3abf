//! One of something for each endpoint.

use crate::endpoint::Endpoint;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PerEndpoint<T> {
    token: T,
    introspection: T,
    revocation: T,
    sign_in: T,
    management: T,
}

impl<T> PerEndpoint<T> {
    pub(crate) fn from_fn(mut make: impl FnMut(Endpoint) -> T) -> Self {
        Self {
            token: make(Endpoint::Token),
            introspection: make(Endpoint::Introspection),
            revocation: make(Endpoint::Revocation),
            sign_in: make(Endpoint::SignIn),
            management: make(Endpoint::Management),
        }
    }

    pub(crate) const fn of(&self, endpoint: Endpoint) -> &T {
        match endpoint {
            Endpoint::Token => &self.token,
            Endpoint::Introspection => &self.introspection,
            Endpoint::Revocation => &self.revocation,
            Endpoint::SignIn => &self.sign_in,
            Endpoint::Management => &self.management,
        }
    }

    pub(crate) const fn of_mut(&mut self, endpoint: Endpoint) -> &mut T {
        match endpoint {
            Endpoint::Token => &mut self.token,
            Endpoint::Introspection => &mut self.introspection,
            Endpoint::Revocation => &mut self.revocation,
            Endpoint::SignIn => &mut self.sign_in,
            Endpoint::Management => &mut self.management,
        }
    }
}
