//! Requests as apps make them, and as they should not.

use super::*;
use crate::authorization_request_error::AuthorizationRequestError::*;

const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

fn parse(query: &str) -> AuthorizationParameters {
    AuthorizationParameters::parse(query.as_bytes())
}

fn read(more: &str) -> Result<AuthorizationRequest, AuthorizationRequestError> {
    parse(&format!("response_type=code{more}")).read()
}

#[test]
fn a_full_request_is_understood() {
    let request = read(&format!(
        "&scope=openid+read&resource=https%3A%2F%2Fapi.example&nonce=n-1&prompt=login+consent&max_age=60\
         &code_challenge={CHALLENGE}&code_challenge_method=S256&id_token_hint=x.y.z&ui_locales=de&claims=%7B%7D\
         &acr_values=urn:turnkeep:acr:2&unknown=1&response_mode=form_post"
    ))
    .unwrap();
    assert_eq!(request.scopes, Some(ScopeSet::parse("openid read").unwrap()));
    assert_eq!(request.audience, Some(Audience::parse("https://api.example").unwrap()));
    assert_eq!(request.nonce.as_deref(), Some("n-1"));
    assert_eq!(request.prompts, Prompts { none: false, login: true, consent: true });
    assert_eq!(request.max_age, Some(Duration::from_secs(60)));
    assert_eq!(request.challenge, Some(CodeChallenge::parse(CHALLENGE).unwrap()));
    assert_eq!(request.assurance, Some(AssuranceLevel::TwoFactors));
    assert_eq!(request.id_token_hint.as_deref(), Some("x.y.z"));
}

#[test]
fn the_lowest_assurance_that_is_named_is_what_is_asked_for() {
    for (values, expected) in [
        ("urn:turnkeep:acr:1", Some(AssuranceLevel::OneFactor)),
        ("urn:turnkeep:acr:2", Some(AssuranceLevel::TwoFactors)),
        ("urn:turnkeep:acr:2+urn:turnkeep:acr:1", Some(AssuranceLevel::OneFactor)),
        ("urn:mace:incommon:iap:silver+urn:turnkeep:acr:2", Some(AssuranceLevel::TwoFactors)),
        ("urn:mace:incommon:iap:silver", None),
        ("URN:TURNKEEP:ACR:2", None),
        ("2", None),
        ("", None),
    ] {
        assert_eq!(read(&format!("&acr_values={values}")).unwrap().assurance, expected, "{values}");
    }
}

#[test]
fn each_flaw_has_its_error_and_the_first_in_the_order_wins() {
    for (query, error) in [
        ("", NoResponseType),
        ("response_type=", NoResponseType),
        ("response_type=token", ResponseType),
        ("response_type=id_token+token", ResponseType),
        ("response_type=none", ResponseType),
        ("response_type=CODE", ResponseType),
        ("response_type=code+code", ResponseType),
        ("response_type=code&response_type=code", Repeated),
        ("response_type=code&unknown=1&unknown=2", Repeated),
        ("response_type=code&state=a&%73tate=a", Repeated),
        ("response_type=code&state=%", Encoding),
        ("response_type=code&state=%ff", Encoding),
        ("response_type=code&%ff=1", Encoding),
        ("request=x&response_type=token", RequestObject),
        ("request_uri=https://x&response_type=code", RequestUri),
        ("registration={}&response_type=code", Registration),
        ("response_type=code&response_mode=fragment", UnknownResponseMode),
        ("response_type=code&response_mode=web_message", UnknownResponseMode),
        ("response_type=code&code_challenge_method=S256", NoChallenge),
        ("response_type=code&scope=a%22b", Scope),
        ("response_type=code&scope=%C3%A9", Scope),
        ("response_type=code&resource=https://api.example/%23x", Resource),
        ("response_type=code&prompt=none+login", PromptNoneWithOthers),
        ("response_type=code&prompt=none+consent", PromptNoneWithOthers),
        ("response_type=code&prompt=create", Prompt),
        ("response_type=code&prompt=Login", Prompt),
    ] {
        assert_eq!(parse(query).read(), Err(error), "{query}");
    }
}

#[test]
fn only_s256_is_a_challenge() {
    for (more, error) in [
        ("", ChallengeMethod),
        ("&code_challenge_method=", ChallengeMethod),
        ("&code_challenge_method=plain", ChallengeMethod),
        ("&code_challenge_method=s256", ChallengeMethod),
        ("x&code_challenge_method=S256", Challenge),
    ] {
        assert_eq!(read(&format!("&code_challenge={CHALLENGE}{more}")), Err(error), "{more}");
    }
}

#[test]
fn attack_29_an_age_is_a_number_of_seconds() {
    for (text, seconds) in [("0", 0), ("1", 1), ("3600", 3_600), ("999999999", 999_999_999), ("007", 7)] {
        let age = read(&format!("&max_age={text}")).unwrap().max_age;
        assert_eq!(age, Some(Duration::from_secs(seconds)), "{text}");
    }
    for text in
        ["-1", "%2B1", "1e9", "1.5", "abc", "0x10", "1000000000", "99999999999999999999", "1+0", "%D9%A1"]
    {
        assert_eq!(read(&format!("&max_age={text}")), Err(MaxAge), "{text}");
    }
}

#[test]
fn texts_are_bounded() {
    let sized = |name: &str, length: usize| read(&format!("&{name}={}", "x".repeat(length))).map(drop);
    assert_eq!(sized("state", MAX_STATE), Ok(()));
    assert_eq!(sized("state", MAX_STATE + 1), Err(StateTooLong));
    assert_eq!(sized("nonce", MAX_NONCE), Ok(()));
    assert_eq!(sized("nonce", MAX_NONCE + 1), Err(NonceTooLong));
    let hinted = |length: usize| parse(&format!("login_hint={}", "x".repeat(length))).login_hint().is_some();
    assert!(hinted(MAX_LOGIN_HINT) && !hinted(MAX_LOGIN_HINT + 1));
    let hint = |length: usize| read(&format!("&id_token_hint={}", "x".repeat(length))).map(drop);
    let rest = "response_type=code&id_token_hint=".len();
    assert_eq!(hint(MAX_REQUEST - rest), Ok(()));
    assert_eq!(hint(MAX_REQUEST - rest + 1), Err(TooLarge));
    let odd = format!("&state={}", "%00".repeat(MAX_STATE));
    assert!(read(&odd).is_ok());
    let many = |count: usize| (0..count).map(|i| format!("&p{i}=1")).collect::<String>();
    assert!(read(&many(FormParameters::MAX - 1)).is_ok());
    assert_eq!(read(&many(FormParameters::MAX)), Err(TooMany));
}

#[test]
fn the_state_is_kept_byte_for_byte() {
    for (encoded, state) in [("a%20b%2B%26%3D", Some("a b+&=")), ("%00%0D%0A", Some("\0\r\n")), ("", None)] {
        assert_eq!(parse(&format!("state={encoded}")).state(), state);
    }
    assert_eq!(parse("state=a&state=a").state(), None);
    assert_eq!(parse(&format!("state={}", "x".repeat(MAX_STATE + 1))).state(), None);
}

#[test]
fn what_says_where_the_answer_goes_is_known_of_every_request() {
    let parameters = parse("client_id=a&redirect_uri=&x=%&client_id=%ff");
    assert_eq!(parameters.stated("client_id"), Stated::Ambiguously);
    assert_eq!(parameters.stated("redirect_uri"), Stated::Never);
    assert_eq!(parse("client_id=%zz").stated("client_id"), Stated::Ambiguously);
    assert_eq!(parse("client_id=a+b").stated("client_id"), Stated::Once("a b"));
    assert_eq!(parse("response_mode=form_post").response_mode(), ResponseMode::FormPost);
    for query in ["", "response_mode=fragment", "response_mode=form_post&response_mode=form_post"] {
        assert_eq!(parse(query).response_mode(), ResponseMode::Query, "{query}");
    }
}

#[test]
fn a_request_can_be_read_again_from_what_is_understood() {
    let query = "response_type=code&client_id=a&redirect_uri=https%3A%2F%2Fb&state=%26&nonce=&unknown=1\
                 &acr_values=urn:turnkeep:acr:2";
    let parameters = parse(query);
    let again = parse(&parameters.understood());
    assert_eq!(again.read(), parameters.read());
    assert!(again.read().unwrap().assurance.is_some());
    assert_eq!(again.state(), Some("&"));
    assert_eq!(again.stated("unknown"), Stated::Never);
}

#[test]
fn debug_output_shows_no_parameter() {
    let parameters = parse("response_type=code&id_token_hint=hunter2&nonce=hunter2");
    let shown = format!("{parameters:?} {:?}", parameters.read().unwrap());
    assert!(!shown.contains("hunter2"), "{shown}");
}
