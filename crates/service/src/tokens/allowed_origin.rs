//! May a page of this origin read what the endpoints answer to a client? Pages of a public app's own origins may: they
//! have no server of theirs that could ask (OAuth 2.1 §3.2). No other page has any business with it.

use turnkeep_domain::client_type::ClientType;
use turnkeep_domain::slug::Slug;

use crate::authority::Authority;
use crate::snapshot::look_up::LookUp;
use crate::tokens::registration::Registration;

/// Whether the client is a public app with a login redirect URI of this origin. Looks in memory only, where the app is
/// once the request was decided; without it nobody may.
pub fn is_allowed_origin(authority: &Authority, issuer: &Slug, client_id: &str, origin: &str) -> bool {
    let found = Registration::of_client(authority, issuer, client_id, LookUp::InMemory);
    let app = found.ok().flatten().and_then(|registration| registration.app);
    app.is_some_and(|cached| {
        let app = &cached.live.app;
        let uris = &app.settings.login_redirect_uris;
        app.client_type == ClientType::Public && uris.iter().any(|uri| uri.is_of_origin(origin))
    })
}
