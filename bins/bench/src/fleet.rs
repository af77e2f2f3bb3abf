//! The apps that a measurement spreads its requests over, with everything that their tokens tell about them.

use std::collections::BTreeMap;
use std::io::Write;
use std::time::Instant;

use anyhow::Context;
use turnkeep_domain::allowed_domain::AllowedDomains;
use turnkeep_domain::app::{App, AppOrigin, AppSettings, AppState, BasicAuthentication};
use turnkeep_domain::change::ChangeSequence;
use turnkeep_domain::client_id::ClientId;
use turnkeep_domain::client_secret::{ClientSecret, SecretHint};
use turnkeep_domain::client_type::ClientType;
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::document_units::DocumentUnitLimits;
use turnkeep_domain::id::{AppId, SecretId};
use turnkeep_domain::pkce::PkceRequirement;
use turnkeep_domain::placement::Placement;
use turnkeep_domain::plan::{FeatureValue, Features, Plan, PlanLimits};
use turnkeep_domain::plan_assignment::{AssignmentState, PlanAssignment};
use turnkeep_domain::redirect_uri::RedirectUris;
use turnkeep_domain::reference_token::ReferenceTokenPolicy;
use turnkeep_domain::scope::ScopeSet;
use turnkeep_domain::service_access::ServiceAccess;
use turnkeep_domain::sign_in::SignIn;
use turnkeep_domain::signing_key::SigningAlgorithm;
use turnkeep_domain::tenant::Tenant;
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::token_lifetime::TokenLifetime;
use turnkeep_domain::version::RecordVersion;
use turnkeep_secret::digest::{SecretDigest, SecretRecord};
use turnkeep_secret::generated::{SecretKind, generate};
use turnkeep_secret::mac::MacKeys;
use turnkeep_secret::plaintext::PlaintextSecret;
use turnkeep_secret::random::random_bytes;
use turnkeep_secret::scrypt_hash::ScryptParams;
use turnkeep_storage::secret::StoredSecret;

use turnkeep_embed::system::SystemRandom;

/// One resource for each: the scope in a request decides what its token is signed with.
pub(crate) const ALGORITHMS: [SigningAlgorithm; 3] =
    [SigningAlgorithm::Es256, SigningAlgorithm::EdDsa, SigningAlgorithm::Rs256];

/// The scope of the resource whose tokens are signed with an algorithm; the load generator knows these names.
pub(crate) fn scope_name(algorithm: SigningAlgorithm) -> String {
    format!("bench.{}", algorithm.as_str().to_lowercase())
}

/// The limits of the plan that every app is on.
pub(crate) fn plan_limits() -> anyhow::Result<PlanLimits> {
    let features = [("ocr".to_owned(), FeatureValue::Flag(true))];
    Ok(PlanLimits {
        document_units: DocumentUnitLimits::new(Some(100), Some(250), Some(500), Some(1_000))?,
        requests_per_minute: Some(10),
        features: Features::new(BTreeMap::from(features))?,
    })
}

/// What all apps of a fleet share.
pub(crate) struct Fleet<'a> {
    pub(crate) mac_keys: &'a MacKeys,
    pub(crate) placement: &'a Placement,
    pub(crate) plan: &'a Plan,
}

/// A new app of a fleet.
pub(crate) struct NewApp {
    pub(crate) app: App,
    pub(crate) secret: StoredSecret,
    plaintext: PlaintextSecret,
}

impl NewApp {
    /// The body of a token request, but for its scope, which is to be added at the end.
    pub(crate) fn request_body(&self) -> String {
        // Neither a generated client id nor a generated secret has a character that a form escapes.
        format!(
            "grant_type=client_credentials&client_id={}&client_secret={}",
            self.app.client_id,
            self.plaintext.expose()
        )
    }
}

impl Fleet<'_> {
    /// Makes an app with every claim that a tenant's app can have.
    pub(crate) fn make_app(
        &self,
        tenant: &Tenant,
        number: u32,
        state: AppState,
        made_at: Timestamp,
    ) -> anyhow::Result<NewApp> {
        let id = AppId::new(made_at, random_bytes(&SystemRandom));
        let assignment =
            PlanAssignment { plan_id: self.plan.id, assigned_at: made_at, state: AssignmentState::Current };
        let app = App {
            id,
            instance_id: tenant.instance_id,
            tenant_id: tenant.id,
            client_id: ClientId::generate(random_bytes(&SystemRandom)),
            client_type: ClientType::Confidential,
            origin: AppOrigin::External,
            placement: self.placement.clone(),
            state,
            state_since: made_at,
            settings: settings(number)?,
            plan: Some(assignment),
            tokens_dead_below: ChangeSequence::ZERO,
            created_at: made_at,
            version: RecordVersion::FIRST,
        };
        let (secret, plaintext) = self.make_secret(id, made_at)?;
        Ok(NewApp { app, secret, plaintext })
    }

    /// The MAC is right, but no secret matches the record, which claims the usual cost: a server that looked at it
    /// would take long and refuse.
    fn make_secret(
        &self,
        app_id: AppId,
        made_at: Timestamp,
    ) -> anyhow::Result<(StoredSecret, PlaintextSecret)> {
        let plaintext = generate(SecretKind::ClientSecret, random_bytes(&SystemRandom));
        let cheapest = ScryptParams::new(1, 1, 1).context("scrypt parameters")?;
        let salt = random_bytes(&SystemRandom);
        let mut digest = SecretDigest::make(&plaintext, app_id.as_bytes(), self.mac_keys, cheapest, salt)?;
        digest.record = unmatched_record()?;
        let secret = ClientSecret {
            id: SecretId::new(made_at, random_bytes(&SystemRandom)),
            app_id,
            hint: SecretHint::of(plaintext.expose()),
            created_at: made_at,
            expires_at: None,
            revoked_at: None,
            last_used_at: None,
        };
        Ok((StoredSecret { secret, digest }, plaintext))
    }
}

/// A hash of zeros: nobody knows what it would be of.
fn unmatched_record() -> anyhow::Result<SecretRecord> {
    let usual = ScryptParams::CLIENT_SECRET;
    let zeros = |bytes: usize| "A".repeat((bytes * 8).div_ceil(6));
    let (log_n, r, p) = (usual.log_n(), usual.r(), usual.p());
    Ok(SecretRecord::parse(&format!("$scrypt$ln={log_n},r={r},p={p}${}${}", zeros(16), zeros(32)))?)
}

/// Prints what a server would pay if it looked at such a record, without what only the first time takes.
pub(crate) fn time_scrypt() -> anyhow::Result<()> {
    let record = unmatched_record()?;
    let times = (0..10).map(|_| {
        let begin = Instant::now();
        record.verify("anything");
        begin.elapsed()
    });
    let shortest = times.min().unwrap_or_default();
    Ok(writeln!(std::io::stdout(), "measured: microseconds={}", shortest.as_micros())?)
}

fn settings(number: u32) -> anyhow::Result<AppSettings> {
    let hosts = ["app", "api", "www"].map(|host| format!("{host}-{number}.example.com"));
    let scopes = ALGORITHMS.map(scope_name).join(" ");
    Ok(AppSettings {
        name: DisplayName::parse(&format!("Measured app {number}"))?,
        allowed_domains: AllowedDomains::parse_slots(hosts.iter().map(String::as_str))?,
        login_redirect_uris: RedirectUris::default(),
        logout_redirect_uris: RedirectUris::default(),
        sign_in: SignIn::Nobody,
        service_access: ServiceAccess::AsApp,
        scopes: ScopeSet::parse(&scopes)?,
        reference_tokens: ReferenceTokenPolicy::None,
        basic_authentication: BasicAuthentication::Off,
        token_lifetime: TokenLifetime::default(),
        pkce: PkceRequirement::Required,
        backchannel_logout_uri: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_looks_like_any_other_and_matches_nothing() {
        let record = unmatched_record().unwrap();
        assert!(record.is_current(ScryptParams::CLIENT_SECRET));
        assert!(!record.verify("anything"));
    }
}
