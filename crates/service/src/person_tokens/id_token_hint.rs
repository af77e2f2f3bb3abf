//! `id_token_hint`: whom an app means (OpenID Connect Core §3.1.2.1, RP-Initiated Logout §2).

use turnkeep_domain::slug::Slug;
use turnkeep_verify::id_token::{VerifiedIdToken, verify_id_token_at_any_time};

use crate::authority::Authority;
use crate::failure::Fault;
use crate::snapshot::look_up::LookUp;

/// What an ID token of ours says. It proves nothing about who presents it.
pub type Hint = VerifiedIdToken;

/// Reads a hint, which may have expired long ago, as long as the key that signed it is published. `None` if it is no ID
/// token of this issuer: one of another instance, an access token, or anything else.
pub fn read_hint(authority: &Authority, issuer: &Slug, text: &str) -> Result<Option<Hint>, Fault> {
    authority.in_step(LookUp::Anywhere)?;
    let Some(issuer) = authority.snapshot.issuer(authority, issuer, LookUp::Anywhere)? else {
        return Ok(None);
    };
    Ok(verify_id_token_at_any_time(&issuer.url, &issuer.ring()?.verification_keys, text).ok())
}
