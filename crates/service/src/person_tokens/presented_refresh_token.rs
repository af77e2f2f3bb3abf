//! A refresh token that an app gives back or asks about (RFC 7009 §2.1, RFC 7662 §2.2).

use turnkeep_domain::id::InstanceId;
use turnkeep_domain::person_grant::RefreshToken;
use turnkeep_secret::generated::{GeneratedForm, SecretKind, check_form};
use turnkeep_storage::error::StoreResult;
use turnkeep_storage::store::Reads;

use crate::authority::Authority;
use crate::handles::handle_hash;
use crate::person_tokens::loaded_grant::LoadedGrant;

/// Whether a text is one, by its form. It says nothing about whether it works.
pub(crate) fn is_refresh_token(text: &str) -> bool {
    check_form(text) == GeneratedForm::Generated(SecretKind::RefreshToken)
}

/// The token with its grant; `None` if it is unknown in this instance.
pub(crate) fn find_presented(
    authority: &Authority,
    instance_id: InstanceId,
    text: &str,
) -> StoreResult<Option<(RefreshToken, LoadedGrant)>> {
    let hash = handle_hash(text);
    authority.store.read(|reads| find_refresh_token(reads, instance_id, &hash))
}

/// The same by what is stored of it.
pub(crate) fn find_refresh_token(
    reads: &mut dyn Reads,
    instance_id: InstanceId,
    hash: &[u8; 32],
) -> StoreResult<Option<(RefreshToken, LoadedGrant)>> {
    let Some(token) = reads.find_refresh_token(instance_id, hash)? else {
        return Ok(None);
    };
    let loaded = LoadedGrant::read(reads, instance_id, token.grant_id)?;
    Ok(loaded.map(|loaded| (token, loaded)))
}
