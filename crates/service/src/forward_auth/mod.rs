//! May a request that a gateway asks about pass? One question for access tokens, reference tokens, and where an app
//! allows it, legacy Basic (seed 002).

pub mod authorize_request;
