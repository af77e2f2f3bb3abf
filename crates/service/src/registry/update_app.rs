//! Changing what an owner may change about an app.

use turnkeep_domain::allowed_domain::AllowedDomains;
use turnkeep_domain::app::{App, AppSettings, BasicAuthentication};
use turnkeep_domain::backchannel_logout_uri::BackchannelLogoutUri;
use turnkeep_domain::change::{ChangeScope, TokensBefore};
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::id::AppId;
use turnkeep_domain::pkce::PkceRequirement;
use turnkeep_domain::redirect_uri::RedirectUris;
use turnkeep_domain::reference_token::ReferenceTokenPolicy;
use turnkeep_domain::scope::ScopeSet;
use turnkeep_domain::service_access::ServiceAccess;
use turnkeep_domain::sign_in::SignIn;
use turnkeep_domain::token_lifetime::TokenLifetime;
use turnkeep_domain::version::RecordVersion;
use turnkeep_policy::decide_app_creation::AppCreationDenial;
use turnkeep_policy::permission::Permission;
use turnkeep_storage::store::Writes;

use crate::audit::attributes::{app_attributes, changed};
use crate::failure::Failure;
use crate::logout::check_logout_uri::check_logout_uri;
use crate::registry::context::{RegistryContext, RegistryResult, check_version};
use crate::registry::denial::RegistryDenial;
use crate::registry::find_app::{AppView, existing_app, view};
use crate::registry::judge_settings::{check_operators_choices, judge_settings, violations};
use crate::registry::recording::{Change, Done, expect_updated, mutate};

/// What to change; `None` leaves an attribute as it is.
#[derive(Debug, Clone, Default)]
pub struct AppChanges {
    /// The name.
    pub name: Option<DisplayName>,
    /// All three slots.
    pub allowed_domains: Option<AllowedDomains>,
    /// The whole list.
    pub login_redirect_uris: Option<RedirectUris>,
    /// The whole list.
    pub logout_redirect_uris: Option<RedirectUris>,
    /// Who may sign in.
    pub sign_in: Option<SignIn>,
    /// As whom it acts without a person.
    pub service_access: Option<ServiceAccess>,
    /// What it may be granted.
    pub scopes: Option<ScopeSet>,
    /// Who may make reference tokens.
    pub reference_tokens: Option<ReferenceTokenPolicy>,
    /// Legacy Basic authentication of users.
    pub basic_authentication: Option<BasicAuthentication>,
    /// How long its tokens live.
    pub token_lifetime: Option<TokenLifetime>,
    /// Whether it has to use PKCE; only operators lift that.
    pub pkce: Option<PkceRequirement>,
    /// Where it is told of logouts; the inner `None` is nowhere.
    pub backchannel_logout_uri: Option<Option<BackchannelLogoutUri>>,
}

impl AppChanges {
    fn applied_to(&self, before: &AppSettings) -> AppSettings {
        let mut after = before.clone();
        replace(&mut after.name, &self.name);
        replace(&mut after.allowed_domains, &self.allowed_domains);
        replace(&mut after.login_redirect_uris, &self.login_redirect_uris);
        replace(&mut after.logout_redirect_uris, &self.logout_redirect_uris);
        replace(&mut after.sign_in, &self.sign_in);
        replace(&mut after.service_access, &self.service_access);
        replace(&mut after.scopes, &self.scopes);
        replace(&mut after.reference_tokens, &self.reference_tokens);
        replace(&mut after.basic_authentication, &self.basic_authentication);
        replace(&mut after.token_lifetime, &self.token_lifetime);
        replace(&mut after.pkce, &self.pkce);
        replace(&mut after.backchannel_logout_uri, &self.backchannel_logout_uri);
        after
    }
}

fn replace<T: Clone>(attribute: &mut T, new: &Option<T>) {
    if let Some(new) = new {
        attribute.clone_from(new);
    }
}

/// Changes an app. Domains and lifetime show in the next token; less access than before kills the tokens that
/// were issued with more.
pub fn update_app(
    context: &RegistryContext<'_>,
    id: AppId,
    changes: &AppChanges,
    if_version: Option<RecordVersion>,
) -> RegistryResult<AppView> {
    context.audited("app.update", Some(id.to_string()), context.require(Permission::ManageApps))?;
    mutate(context, "app.update", Some(id.to_string()), |change| {
        let before = existing_app(context, change.writes, id)?;
        check_version(before.version, if_version)?;
        let settings = changes.applied_to(&before.settings);
        change_settings(context, change, &before, settings)
    })
}

/// Puts other settings in the place of an app's, within a transaction.
pub(crate) fn change_settings(
    context: &RegistryContext<'_>,
    change: &mut Change<'_>,
    before: &App,
    settings: AppSettings,
) -> RegistryResult<Done<AppView>> {
    let id = before.id;
    if settings == before.settings {
        return Ok(Done::unchanged(view(context, change.writes, before.clone())?));
    }
    check_operators_choices(context, Some(&before.settings), &settings)?;
    check_logout_uri(context.authority, Some(&before.settings), &settings)?;
    let name_key = settings.name.uniqueness_key();
    if change.writes.app_name_taken(context.instance_id, before.tenant_id, &name_key, Some(id))? {
        return Err(RegistryDenial::AppCreation(AppCreationDenial::NameTaken).into());
    }
    let known_scopes = change.writes.list_scopes(context.instance_id)?;
    let judge = |reads: &mut dyn Writes, settings: &AppSettings| {
        judge_settings(context, reads, before.client_type, before.origin, settings, &known_scopes)
    };
    let warnings = match judge(change.writes, &settings) {
        Ok(warnings) => warnings,
        // What was wrong before (a scope is gone, a system user disabled) does not stop other changes.
        Err(Failure::Denied(RegistryDenial::AppSettings(after))) => {
            let known = violations(judge(change.writes, &before.settings))?;
            if !after.iter().all(|violation| known.contains(violation)) {
                return Err(RegistryDenial::AppSettings(after).into());
            }
            Vec::new()
        }
        Err(failure) => return Err(failure),
    };
    let tokens_before = tokens_after_change(&before.settings, &settings);
    let scope = ChangeScope::App(context.instance_id, before.tenant_id, id);
    let sequence = change.record(scope, tokens_before)?;
    let mut app = App { settings, version: before.version.next(), ..before.clone() };
    if tokens_before == TokensBefore::Dead {
        app.tokens_dead_below = sequence;
    }
    expect_updated(change.writes.update_app(&app, before.version)?)?;
    let changes = changed(app_attributes(before), app_attributes(&app));
    Ok(Done::of(id, AppView { app, warnings }).in_tenant(before.tenant_id).changes(changes))
}

fn tokens_after_change(before: &AppSettings, after: &AppSettings) -> TokensBefore {
    let less = before.service_access != after.service_access || !before.scopes.is_subset(&after.scopes);
    if less { TokensBefore::Dead } else { TokensBefore::Live }
}
