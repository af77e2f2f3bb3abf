//! The order of requirements B.3, as tables.

use turnkeep_domain::app::AppState;
use turnkeep_domain::authentication::{AssuranceLevel, Authentication, AuthenticationMethod};
use turnkeep_domain::authorization_request::Prompts;
use turnkeep_domain::id::UserId;
use turnkeep_domain::instance::InstanceState;
use turnkeep_domain::plan::PlanState;
use turnkeep_domain::redirect_uri::RedirectUris;
use turnkeep_domain::resource::Audience;
use turnkeep_domain::tenant::TenantState;
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::user::{UserKind, UserState};

use super::*;
use crate::authorization_facts::GivenConsent;
use crate::decide_sign_in::SignInDenial;
use crate::samples::{self, Sample};

const REGISTERED: &str = "https://app.example.com/cb";
const ADA: UserId = UserId::from_bytes([7; 16]);
const BOB: UserId = UserId::from_bytes([8; 16]);
const NOW: u64 = 10_000;

/// A request in the middle of its way; a test changes what it is about.
struct Request {
    sample: Sample,
    client_id: Stated<&'static str>,
    redirect_uri: Stated<&'static str>,
    is_malformed: bool,
    has_challenge: bool,
    scopes: Option<&'static str>,
    audience: Option<&'static str>,
    prompts: Prompts,
    max_age: Option<u64>,
    assurance: Option<AssuranceLevel>,
    signed_in: Option<(UserId, UserKind, u64)>,
    has_second_factor: bool,
    remembered: Option<&'static str>,
    expected: ExpectedPerson,
    began_at: Option<u64>,
    answer: Option<ConsentAnswer>,
}

fn usual() -> Request {
    let mut sample = samples::usable();
    sample.app.settings.sign_in = SignIn::Internal;
    sample.app.settings.login_redirect_uris = RedirectUris::parse_list([REGISTERED]).unwrap();
    Request {
        sample,
        client_id: Stated::Once("com.example/app"),
        redirect_uri: Stated::Once(REGISTERED),
        is_malformed: false,
        has_challenge: true,
        scopes: Some("openid read"),
        audience: None,
        prompts: Prompts::default(),
        max_age: None,
        assurance: None,
        signed_in: Some((ADA, UserKind::Internal, NOW - 600)),
        has_second_factor: false,
        remembered: Some("openid read"),
        expected: ExpectedPerson::Anybody,
        began_at: None,
        answer: None,
    }
}

type Change = fn(&mut Request);

/// What came of it, in a word or two.
fn decide(change: impl FnOnce(&mut Request)) -> String {
    let mut request = usual();
    change(&mut request);
    decided(&request)
}

fn decided(request: &Request) -> String {
    let facts = request.sample.facts();
    let scopes = request.scopes.map(|text| ScopeSet::parse(text).unwrap());
    let audience = request.audience.map(|text| Audience::parse(text).unwrap());
    let remembered = request.remembered.map(|text| ScopeSet::parse(text).unwrap());
    let authentication = request.signed_in.map(|(_, _, at)| {
        let at = Timestamp::from_secs(at.try_into().unwrap());
        match request.has_second_factor {
            true => Authentication::by(AuthenticationMethod::Passkey, at),
            false => Authentication::by(AuthenticationMethod::Password, at),
        }
    });
    let signed_in =
        request.signed_in.zip(authentication.as_ref()).map(|((user_id, kind, _), authentication)| {
            let state = UserState::Active;
            SignedInFacts { user_id, kind, state, authentication, remembered: remembered.as_ref() }
        });
    let requested = RequestedAuthorization {
        has_challenge: request.has_challenge,
        scopes: scopes.as_ref(),
        audience: audience.as_ref(),
        prompts: request.prompts,
        max_age: request.max_age.map(Duration::from_secs),
        assurance: request.assurance,
    };
    let at = |secs: u64| Timestamp::from_secs(secs.try_into().unwrap());
    let decided = decide_authorization(&AuthorizationFacts {
        client_id: request.client_id,
        app: facts.app,
        redirect_uri: request.redirect_uri,
        request: if request.is_malformed { Err(MalformedRequest) } else { Ok(requested) },
        known_resources: facts.scope_request.known_resources,
        known_scopes: facts.scope_request.known_scopes,
        issuer: "https://id.example.com",
        signed_in,
        expected: request.expected,
        began_at: request.began_at.map(at),
        answer: request.answer.as_ref(),
        now: at(NOW),
    });
    match decided {
        Err(page) => format!("page {}", page.code()),
        Ok(decision) => match decision.outcome {
            AuthorizationOutcome::Refused(denial) => format!("refused {}", denial.code()),
            AuthorizationOutcome::NeedsSignIn(reason) => format!("sign in {reason:?}"),
            AuthorizationOutcome::NeedsConsent(scopes) => format!("consent {scopes}"),
            AuthorizationOutcome::Granted(grant) => {
                let audience = match grant.audience {
                    PersonAudience::Issuer => "issuer",
                    PersonAudience::Resource(resource) => resource.audience.as_str(),
                };
                format!("granted {} for {audience}, offline {:?}", grant.scopes, grant.offline)
            }
        },
    }
}

#[test]
fn whoever_is_signed_in_and_has_consented_is_not_asked_again() {
    assert_eq!(decide(|_| {}), "granted openid read for Example.API, offline No");
}

#[test]
fn the_first_of_everything_that_is_wrong_wins() {
    let mut request = usual();
    request.sample.break_everything();
    request.sample.app.settings.sign_in = SignIn::Nobody;
    request.client_id = Stated::Ambiguously;
    request.redirect_uri = Stated::Ambiguously;
    request.is_malformed = true;
    request.has_challenge = false;
    request.scopes = Some("openid sec");
    request.signed_in = None;
    request.remembered = None;
    let mut met = Vec::new();
    loop {
        let outcome = decided(&request);
        match outcome.as_str() {
            "page ambiguous_request" if request.client_id == Stated::Ambiguously => {
                request.client_id = Stated::Once("com.example/app");
            }
            "page app_unknown" => request.sample.mend(TokenDenial::AppUnknown),
            "page app_disabled" => request.sample.mend(TokenDenial::AppDisabled),
            "page tenant_suspended" => request.sample.mend(TokenDenial::TenantSuspended),
            "page instance_disabled" => request.sample.mend(TokenDenial::InstanceDisabled),
            "page ambiguous_request" => request.redirect_uri = Stated::Once("https://evil.test/"),
            "page redirect_uri_mismatch" => request.redirect_uri = Stated::Once(REGISTERED),
            "refused malformed_request" => request.is_malformed = false,
            "refused region_missing" => request.sample.mend(TokenDenial::RegionMissing),
            "refused db_code_missing" => request.sample.mend(TokenDenial::DbCodeMissing),
            "refused plan_retired" => request.sample.mend(TokenDenial::PlanRetired),
            "refused plan_on_hold" => request.sample.mend(TokenDenial::PlanOnHold),
            "refused not_for_people" => request.sample.app.settings.sign_in = SignIn::Community,
            "refused pkce_required" => request.has_challenge = true,
            "refused scope_not_allowed" => request.scopes = Some("openid"),
            "sign in NoSession" => request.signed_in = Some((ADA, UserKind::Internal, NOW - 1)),
            "refused user_not_admitted" => request.sample.app.settings.sign_in = SignIn::Internal,
            "consent openid" => request.remembered = Some("openid"),
            _ => {
                met.push(outcome);
                break;
            }
        }
        met.push(outcome);
        assert!(met.len() < 30, "{met:?}");
    }
    assert_eq!(
        met,
        [
            "page ambiguous_request",
            "page app_unknown",
            "page app_disabled",
            "page tenant_suspended",
            "page instance_disabled",
            "page ambiguous_request",
            "page redirect_uri_mismatch",
            "refused malformed_request",
            "refused region_missing",
            "refused db_code_missing",
            "refused plan_retired",
            "refused plan_on_hold",
            "refused not_for_people",
            "refused pkce_required",
            "refused scope_not_allowed",
            "sign in NoSession",
            "refused user_not_admitted",
            "consent openid",
            "granted openid for issuer, offline No",
        ]
    );
}

#[test]
fn what_is_switched_off_gets_a_page_and_no_redirect() {
    let cases: [(Change, &str); 6] = [
        (|r| r.sample.known = false, "app_unknown"),
        (|r| r.sample.app.state = AppState::Disabled, "app_disabled"),
        (|r| r.sample.tenant_state = TenantState::PendingActivation, "tenant_pending_activation"),
        (|r| r.sample.tenant_state = TenantState::Suspended, "tenant_suspended"),
        (|r| r.sample.tenant_state = TenantState::Closed, "tenant_closed"),
        (|r| r.sample.instance_state = InstanceState::Disabled, "instance_disabled"),
    ];
    for (change, code) in cases {
        assert_eq!(decide(change), format!("page {code}"));
    }
    assert_eq!(
        decide(|r| r.sample.plan.as_mut().unwrap().state = PlanState::Retired),
        "refused plan_retired"
    );
}

#[test]
fn a_redirect_uri_may_only_be_left_out_where_there_is_one() {
    let other = "https://app.example.com/other";
    for (registered, requested, expected) in [
        (vec![REGISTERED], Stated::Never, "granted"),
        (vec![REGISTERED, other], Stated::Never, "page redirect_uri_missing"),
        (vec![], Stated::Never, "page redirect_uri_missing"),
        (vec![], Stated::Once(REGISTERED), "page redirect_uri_mismatch"),
        (vec![REGISTERED, other], Stated::Once("https://app.example.com/other"), "granted"),
        (vec![REGISTERED], Stated::Once("https://app.example.com/cb/"), "page redirect_uri_mismatch"),
        (vec![REGISTERED], Stated::Once("https://app.example.com/CB"), "page redirect_uri_mismatch"),
        (vec![REGISTERED], Stated::Ambiguously, "page ambiguous_request"),
        (vec!["http://127.0.0.1/cb"], Stated::Once("http://127.0.0.1:4711/cb"), "granted"),
        (vec!["http://127.0.0.1/cb"], Stated::Once("http://127.0.0.1:4711/x"), "page redirect_uri_mismatch"),
    ] {
        let outcome = decide(|r| {
            r.sample.app.settings.login_redirect_uris =
                RedirectUris::parse_list(registered.iter().copied()).unwrap();
            r.redirect_uri = requested;
        });
        assert!(outcome.starts_with(expected), "{registered:?} {requested:?}: {outcome}");
    }
}

#[test]
fn scopes_are_the_apps_own_and_those_of_openid_connect() {
    for (scopes, audience, expected) in [
        (Some("openid profile email"), None, "consent email openid profile"),
        (Some("openid update"), None, "refused scope_not_allowed"),
        (Some("openid sec"), None, "refused scope_not_allowed"),
        (Some("openid unheard-of"), None, "refused scope_not_allowed"),
        (None, None, "refused no_scope"),
        (Some("openid read"), Some("Example.API"), "granted openid read for Example.API, offline No"),
        (Some("openid read"), Some("https://reports.example"), "refused audience_not_allowed"),
        (Some("openid"), Some("https://elsewhere.example"), "refused audience_not_allowed"),
        (Some("openid"), Some("https://id.example.com"), "granted openid for issuer, offline No"),
    ] {
        let outcome = decide(|r| (r.scopes, r.audience) = (scopes, audience));
        assert_eq!(outcome, expected, "{scopes:?} {audience:?}");
    }
}

#[test]
fn attack_21_pkce_is_never_lifted_for_a_public_app() {
    for (client_type, pkce, expected) in [
        (ClientType::Public, PkceRequirement::Required, "refused pkce_required"),
        (ClientType::Public, PkceRequirement::Optional, "refused pkce_required"),
        (ClientType::Confidential, PkceRequirement::Required, "refused pkce_required"),
        (ClientType::Confidential, PkceRequirement::Optional, "granted"),
    ] {
        let outcome = decide(|r| {
            r.sample.app.client_type = client_type;
            r.sample.app.settings.pkce = pkce;
            r.has_challenge = false;
        });
        assert!(outcome.starts_with(expected), "{client_type:?} {pkce:?}: {outcome}");
    }
}

#[test]
fn attack_30_the_apps_flags_decide_who_may_enter() {
    for (sign_in, kind, expected) in [
        (SignIn::Internal, UserKind::Community, "refused user_not_admitted"),
        (SignIn::Community, UserKind::Internal, "refused user_not_admitted"),
        (SignIn::InternalAndCommunity, UserKind::System, "refused system_user"),
        (SignIn::InternalAndCommunity, UserKind::Community, "granted"),
        (SignIn::Nobody, UserKind::Internal, "refused not_for_people"),
    ] {
        let outcome = decide(|r| {
            r.sample.app.settings.sign_in = sign_in;
            r.signed_in = Some((ADA, kind, NOW));
        });
        assert!(outcome.starts_with(expected), "{sign_in:?} {kind:?}: {outcome}");
    }
}

const NONE: Prompts = Prompts { none: true, login: false, consent: false };
const LOGIN: Prompts = Prompts { none: false, login: true, consent: false };

#[test]
fn nothing_is_asked_where_nothing_may_be() {
    let cases: [(Change, &str); 9] = [
        (|_| {}, "granted"),
        (|r| r.signed_in = None, "refused login_required"),
        (|r| r.remembered = None, "refused consent_required"),
        (|r| r.max_age = Some(0), "refused login_required"),
        (|r| r.max_age = Some(599), "refused login_required"),
        (|r| r.expected = ExpectedPerson::User(BOB), "refused login_required"),
        (|r| r.expected = ExpectedPerson::Unknown, "refused login_required"),
        (|r| r.expected = ExpectedPerson::User(ADA), "granted"),
        (|r| r.sample.app.settings.sign_in = SignIn::Community, "refused user_not_admitted"),
    ];
    for (change, expected) in cases {
        let outcome = decide(|r| {
            r.prompts = NONE;
            change(r);
        });
        assert!(outcome.starts_with(expected), "{expected}: {outcome}");
    }
}

#[test]
fn signing_in_again_counts_from_when_the_app_asked() {
    for (prompts, max_age, began_at, signed_in_at, expected) in [
        (LOGIN, None, None, NOW, "sign in Prompted"),
        (LOGIN, None, Some(NOW - 10), NOW - 11, "sign in Prompted"),
        (LOGIN, None, Some(NOW - 10), NOW - 10, "granted"),
        (Prompts::default(), Some(600), None, NOW - 600, "granted"),
        (Prompts::default(), Some(600), None, NOW - 601, "sign in TooLongAgo"),
        (Prompts::default(), Some(0), None, NOW, "sign in TooLongAgo"),
        (Prompts::default(), Some(0), Some(NOW - 5), NOW - 6, "sign in TooLongAgo"),
        (Prompts::default(), Some(0), Some(NOW - 5), NOW - 4, "granted"),
        (Prompts::default(), Some(999_999_999), None, 0, "granted"),
    ] {
        let outcome = decide(|r| {
            (r.prompts, r.max_age, r.began_at) = (prompts, max_age, began_at);
            r.signed_in = Some((ADA, UserKind::Internal, signed_in_at));
        });
        assert!(
            outcome.starts_with(expected),
            "{prompts:?} {max_age:?} {began_at:?} {signed_in_at}: {outcome}"
        );
    }
}

#[test]
fn who_proved_less_than_the_app_wants_signs_in_again_once() {
    const TWO: Option<AssuranceLevel> = Some(AssuranceLevel::TwoFactors);
    const NONE: Prompts = Prompts { none: true, login: false, consent: false };
    for (assurance, has_second_factor, prompts, began_at, expected) in [
        (None, false, Prompts::default(), None, "granted"),
        (Some(AssuranceLevel::OneFactor), false, Prompts::default(), None, "granted"),
        (TWO, true, Prompts::default(), None, "granted"),
        (TWO, false, Prompts::default(), None, "sign in Assurance"),
        (TWO, false, Prompts::default(), Some(NOW - 599), "sign in Assurance"),
        // A wish: this is what the person can prove.
        (TWO, false, Prompts::default(), Some(NOW - 600), "granted"),
        (TWO, false, NONE, None, "granted"),
    ] {
        let outcome = decide(|r| {
            (r.assurance, r.has_second_factor) = (assurance, has_second_factor);
            (r.prompts, r.began_at) = (prompts, began_at);
        });
        assert!(
            outcome.starts_with(expected),
            "{assurance:?} {has_second_factor} {prompts:?} {began_at:?}: {outcome}"
        );
    }
}

#[test]
fn somebody_else_than_expected_is_asked_to_sign_in_once() {
    let other = |began_at: Option<u64>, signed_in_at: u64| {
        decide(|r| {
            r.expected = ExpectedPerson::User(BOB);
            r.began_at = began_at;
            r.signed_in = Some((ADA, UserKind::Internal, signed_in_at));
        })
    };
    assert_eq!(other(None, NOW), "sign in SomebodyElse");
    assert_eq!(other(Some(NOW - 5), NOW - 6), "sign in SomebodyElse");
    assert_eq!(other(Some(NOW - 5), NOW - 4), "refused login_required");
    assert!(decide(|r| r.expected = ExpectedPerson::Unknown).starts_with("granted"));
}

#[test]
fn consent_is_asked_for_what_was_not_allowed_before() {
    let consent = Prompts { consent: true, ..Prompts::default() };
    for (origin, client_type, redirect_uri, scopes, remembered, prompts, expected) in [
        (
            AppOrigin::External,
            ClientType::Confidential,
            REGISTERED,
            "openid",
            None,
            Prompts::default(),
            "consent",
        ),
        (
            AppOrigin::External,
            ClientType::Confidential,
            REGISTERED,
            "openid",
            Some("openid email"),
            Prompts::default(),
            "granted",
        ),
        (
            AppOrigin::External,
            ClientType::Confidential,
            REGISTERED,
            "openid read",
            Some("openid"),
            Prompts::default(),
            "consent",
        ),
        (
            AppOrigin::External,
            ClientType::Confidential,
            REGISTERED,
            "openid offline_access",
            Some("openid"),
            Prompts::default(),
            "consent",
        ),
        (
            AppOrigin::External,
            ClientType::Confidential,
            REGISTERED,
            "openid",
            Some("openid"),
            consent,
            "consent",
        ),
        (
            AppOrigin::Platform,
            ClientType::Confidential,
            REGISTERED,
            "openid",
            None,
            Prompts::default(),
            "granted",
        ),
        (AppOrigin::Platform, ClientType::Confidential, REGISTERED, "openid", None, consent, "consent"),
        (
            AppOrigin::Platform,
            ClientType::Confidential,
            REGISTERED,
            "openid offline_access",
            None,
            Prompts::default(),
            "consent",
        ),
        (
            AppOrigin::External,
            ClientType::Public,
            REGISTERED,
            "openid",
            Some("openid"),
            Prompts::default(),
            "granted",
        ),
        (
            AppOrigin::External,
            ClientType::Public,
            "http://127.0.0.1/cb",
            "openid",
            Some("openid"),
            Prompts::default(),
            "consent",
        ),
        (
            AppOrigin::Platform,
            ClientType::Public,
            "http://localhost:3000/cb",
            "openid",
            Some("openid"),
            Prompts::default(),
            "consent",
        ),
    ] {
        let mut request = usual();
        request.sample.app.origin = origin;
        request.sample.app.client_type = client_type;
        request.sample.app.settings.login_redirect_uris = RedirectUris::parse_list([redirect_uri]).unwrap();
        request.redirect_uri = Stated::Once(redirect_uri);
        (request.scopes, request.remembered, request.prompts) = (Some(scopes), remembered, prompts);
        let outcome = decided(&request);
        let what = format!("{origin:?} {client_type:?} {redirect_uri} {scopes} {remembered:?} {prompts:?}");
        assert!(outcome.starts_with(expected), "{what}: {outcome}");
        let given = GivenConsent { user_id: ADA, scopes: ScopeSet::parse(scopes).unwrap() };
        request.answer = Some(ConsentAnswer::Given(given));
        assert!(decided(&request).starts_with("granted"), "{what}, given");
    }
}

#[test]
fn attack_26_consent_counts_for_who_gave_it_and_for_what_was_shown() {
    for (user_id, scopes, expected) in [
        (ADA, "openid read", "granted"),
        (BOB, "openid read", "consent"),
        (ADA, "openid", "consent"),
        (ADA, "openid read profile", "consent"),
    ] {
        let outcome = decide(|r| {
            r.remembered = None;
            let given = GivenConsent { user_id, scopes: ScopeSet::parse(scopes).unwrap() };
            r.answer = Some(ConsentAnswer::Given(given));
        });
        assert!(outcome.starts_with(expected), "{user_id} {scopes}: {outcome}");
    }
}

#[test]
fn a_refusal_counts_even_where_nobody_had_to_be_asked() {
    for remembered in [None, Some("openid read")] {
        let outcome = decide(|r| (r.remembered, r.answer) = (remembered, Some(ConsentAnswer::Denied)));
        assert_eq!(outcome, "refused consent_denied");
    }
    assert_eq!(
        decide(|r| (r.signed_in, r.answer) = (None, Some(ConsentAnswer::Denied))),
        "sign in NoSession"
    );
}

#[test]
fn offline_access_is_granted_with_the_scope_of_that_name() {
    let outcome = decide(|r| {
        r.scopes = Some("openid offline_access");
        r.remembered = Some("openid offline_access");
    });
    assert_eq!(outcome, "granted offline_access openid for issuer, offline Yes");
}

#[test]
fn codes_are_distinct() {
    let pages = [PageDenial::Ambiguous, PageDenial::RedirectUriMissing, PageDenial::RedirectUriMismatch];
    let refusals = [
        AuthorizationDenial::Malformed,
        AuthorizationDenial::NotForPeople,
        AuthorizationDenial::PkceRequired,
        AuthorizationDenial::SignIn(SignInDenial::UserDisabled),
        AuthorizationDenial::SignIn(SignInDenial::SystemUser),
        AuthorizationDenial::SignIn(SignInDenial::KindNotAdmitted),
        AuthorizationDenial::LoginRequired,
        AuthorizationDenial::ConsentRequired,
        AuthorizationDenial::ConsentDenied,
    ];
    let mut codes: Vec<_> = TokenDenial::ALL.iter().map(|denial| denial.code()).collect();
    codes.extend(pages.map(PageDenial::code));
    codes.extend(refusals.map(AuthorizationDenial::code));
    let count = codes.len();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), count);
}
