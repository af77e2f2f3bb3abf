//! What each command asks the management API.

use serde_json::{Value, json};
use tempfile::tempdir;

use crate::scripted_server::{self, run};

const APP: &str = "app_00000000000000000000000001";
const TENANT: &str = "ten_00000000000000000000000001";
const USER: &str = "usr_00000000000000000000000001";
const PLAN: &str = "pln_00000000000000000000000001";
const OTHER_PLAN: &str = "pln_00000000000000000000000002";
const SECRET: &str = "sec_00000000000000000000000001";
const REGION: &str = "reg_00000000000000000000000001";
const DATABASE: &str = "rdb_00000000000000000000000001";
const RESOURCE: &str = "res_00000000000000000000000001";
const INSTANCE: &str = "ins_00000000000000000000000001";
const EVENT: &str = "evt_00000000000000000000000001";

/// The words of a command line and the request that it makes; ids stand for their short names.
fn check(arguments: &str, request: &str, body: &Value) {
    let fill = |text: &str| {
        [
            ("APP", APP),
            ("TENANT", TENANT),
            ("USER", USER),
            ("OTHER_PLAN", OTHER_PLAN),
            ("PLAN", PLAN),
            ("SECRET", SECRET),
            ("REGION", REGION),
            ("DATABASE", DATABASE),
            ("RESOURCE", RESOURCE),
            ("INSTANCE", INSTANCE),
            ("EVENT", EVENT),
        ]
        .iter()
        .fold(text.to_owned(), |text, (name, id)| text.replace(&format!("${name}"), id))
    };
    let filled = fill(arguments);
    let words: Vec<&str> = filled.split(' ').collect();
    let answer = scripted_server::json(200, &json!({ "items": [], "next": null }));
    let (code, _, error, requests) = run(vec![answer], &words);
    assert_eq!(code, 0, "{arguments}: {error}");
    assert_eq!(requests.len(), 1, "{arguments}: {requests:#?}");
    let (method, path) = request.split_once(' ').unwrap();
    assert_eq!(requests[0].line, fill(&format!("{method} /api/v1{path}")), "{arguments}");
    assert_eq!(requests[0].header("authorization"), Some("Bearer tkmt_secret"), "{arguments}");
    assert_eq!(requests[0].header("idempotency-key").is_some(), method == "POST", "{arguments}");
    let filled_body: Value = serde_json::from_str(&fill(&body.to_string())).unwrap();
    assert_eq!(requests[0].json(), filled_body, "{arguments}");
}

#[test]
fn what_reads_and_what_takes_no_fields() {
    let cases = [
        ("whoami", "GET /me"),
        ("app list", "GET /apps"),
        (
            "app list --tenant $TENANT --search inv --state disabled --sort -name --limit 7 --after c1",
            "GET /apps?tenant_id=$TENANT&search=inv&state=disabled&sort=-name&limit=7&after=c1",
        ),
        ("app show $APP", "GET /apps/$APP"),
        ("app enable $APP", "POST /apps/$APP/enable"),
        ("app disable $APP --yes", "POST /apps/$APP/disable"),
        ("app delete $APP --yes", "DELETE /apps/$APP"),
        ("app explain $APP", "GET /apps/$APP/explain"),
        ("explain $APP", "GET /apps/$APP/explain"),
        ("app plan remove $APP", "DELETE /apps/$APP/plan"),
        ("app plan hold $APP -y", "POST /apps/$APP/plan/hold"),
        ("app plan release $APP", "POST /apps/$APP/plan/release"),
        ("secret list $APP", "GET /apps/$APP/secrets"),
        ("secret list $APP --state live", "GET /apps/$APP/secrets?state=live"),
        ("secret regenerate $APP --yes", "POST /apps/$APP/secrets/regenerate"),
        ("secret revoke $APP $SECRET --yes", "DELETE /apps/$APP/secrets/$SECRET"),
        ("secret revoke-others $APP $SECRET --yes", "POST /apps/$APP/secrets/$SECRET/revoke-others"),
        ("token list $APP --state live", "GET /apps/$APP/reference-tokens?state=live"),
        (
            "token revoke $APP rtk_00000000000000000000000001 --yes",
            "DELETE /apps/$APP/reference-tokens/rtk_00000000000000000000000001",
        ),
        ("storage show $APP", "GET /apps/$APP/storage"),
        ("storage remove $APP --yes", "DELETE /apps/$APP/storage"),
        ("tenant list --state active --search a&b", "GET /tenants?search=a%26b&state=active"),
        ("tenant show $TENANT", "GET /tenants/$TENANT"),
        ("tenant activate $TENANT", "POST /tenants/$TENANT/activate"),
        ("tenant suspend $TENANT --yes", "POST /tenants/$TENANT/suspend"),
        ("tenant close $TENANT --yes", "POST /tenants/$TENANT/close"),
        ("member list $TENANT", "GET /tenants/$TENANT/members"),
        ("member list $TENANT --role admin", "GET /tenants/$TENANT/members?role=admin"),
        ("member remove $TENANT $USER --yes", "DELETE /tenants/$TENANT/members/$USER"),
        ("invitation list $TENANT", "GET /tenants/$TENANT/invitations"),
        (
            "invitation list $TENANT --role auditor --state pending",
            "GET /tenants/$TENANT/invitations?state=pending&role=auditor",
        ),
        ("invitation show $TENANT inv_1", "GET /tenants/$TENANT/invitations/inv_1"),
        ("invitation resend $TENANT inv_1", "POST /tenants/$TENANT/invitations/inv_1/resend"),
        ("invitation cancel $TENANT inv_1 --yes", "DELETE /tenants/$TENANT/invitations/inv_1"),
        ("user list --kind system", "GET /users?kind=system"),
        ("user show $USER", "GET /users/$USER"),
        ("user enable $USER", "POST /users/$USER/enable"),
        ("user disable $USER --yes", "POST /users/$USER/disable"),
        ("user sign-out $USER --yes", "POST /users/$USER/sign-out"),
        ("user tokens $USER", "GET /users/$USER/tokens"),
        ("user tokens $USER --state live", "GET /users/$USER/tokens?state=live"),
        ("user revoke-token $USER mtk_1 --yes", "DELETE /users/$USER/tokens/mtk_1"),
        ("operator list", "GET /operators"),
        (
            "operator list --search a --user-state disabled --sort name",
            "GET /operators?search=a&user_state=disabled&sort=name",
        ),
        ("operator add $USER", "PUT /operators/$USER"),
        ("operator remove $USER --yes", "DELETE /operators/$USER"),
        (
            "plan list --search team --state draft --free false",
            "GET /plans?search=team&state=draft&free=false",
        ),
        ("plan show $PLAN", "GET /plans/$PLAN"),
        ("plan activate $PLAN", "POST /plans/$PLAN/activate"),
        ("plan archive $PLAN --yes", "POST /plans/$PLAN/archive"),
        ("plan retire $PLAN --yes", "POST /plans/$PLAN/retire"),
        ("region list", "GET /regions"),
        ("region list --search eu --state inactive", "GET /regions?search=eu&state=inactive"),
        ("region show $REGION", "GET /regions/$REGION"),
        ("region activate $REGION", "POST /regions/$REGION/activate"),
        ("region deactivate $REGION", "POST /regions/$REGION/deactivate"),
        ("region database list $REGION", "GET /regions/$REGION/databases"),
        (
            "region database list $REGION --search EU --state active",
            "GET /regions/$REGION/databases?search=EU&state=active",
        ),
        ("region database activate $REGION $DATABASE", "POST /regions/$REGION/databases/$DATABASE/activate"),
        (
            "region database deactivate $REGION $DATABASE",
            "POST /regions/$REGION/databases/$DATABASE/deactivate",
        ),
        ("resource list --search API --signing-alg EdDSA", "GET /resources?search=API&signing_alg=EdDSA"),
        ("resource show $RESOURCE", "GET /resources/$RESOURCE"),
        ("resource scope list $RESOURCE", "GET /resources/$RESOURCE/scopes"),
        (
            "resource scope list $RESOURCE --search read --grant any_app",
            "GET /resources/$RESOURCE/scopes?search=read&grant=any_app",
        ),
        ("resource scope delete $RESOURCE a/b?c --yes", "DELETE /resources/$RESOURCE/scopes/a%2Fb%3Fc"),
        ("resource server list $RESOURCE", "GET /resources/$RESOURCE/servers"),
        ("resource server list $RESOURCE --app $APP", "GET /resources/$RESOURCE/servers?app_id=$APP"),
        ("resource server add $RESOURCE $APP", "PUT /resources/$RESOURCE/servers/$APP"),
        ("resource server remove $RESOURCE $APP --yes", "DELETE /resources/$RESOURCE/servers/$APP"),
        ("instance list", "GET /instances"),
        ("instance list --search a --state disabled", "GET /instances?search=a&state=disabled"),
        ("instance show $INSTANCE", "GET /instances/$INSTANCE"),
        ("instance enable $INSTANCE", "POST /instances/$INSTANCE/enable"),
        ("instance disable $INSTANCE --yes", "POST /instances/$INSTANCE/disable"),
        (
            "audit list --action app.disable --actor $USER --object $APP --tenant $TENANT --outcome refused --code forbidden --from 2026-11-01T00:00:00Z --to 2026-12-01T00:00:00Z",
            "GET /audit-events?action=app.disable&actor=$USER&object=$APP&tenant_id=$TENANT&outcome=refused&code=forbidden&from=2026-11-01T00%3A00%3A00Z&to=2026-12-01T00%3A00%3A00Z",
        ),
        ("audit show $EVENT", "GET /audit-events/$EVENT"),
        ("audit chain", "GET /audit-chain"),
        ("audit export", "GET /audit-export"),
        ("review", "GET /review"),
        (
            "review --tenant $TENANT --finding no_owner --sort -name",
            "GET /review?tenant_id=$TENANT&finding=no_owner&sort=-name",
        ),
        ("token-requests", "GET /token-requests"),
        (
            "token-requests --hours 48 --tenant $TENANT --limit 5",
            "GET /token-requests?tenant_id=$TENANT&hours=48&limit=5",
        ),
        ("export", "GET /export"),
        ("export --include-hashes", "GET /export?include_hashes=true"),
    ];
    for (arguments, request) in cases {
        check(arguments, request, &Value::Null);
    }
}

#[test]
fn what_creates_and_changes_sends_the_named_fields_and_no_others() {
    let cases = [
        (
            "app create --tenant $TENANT --name Invoices --region eu-west",
            "POST /apps",
            json!({"tenant_id": "$TENANT", "name": "Invoices", "region": "eu-west"}),
        ),
        (
            "app create --name A --region eu-west --client-id com.vendor/app --type public --plan $PLAN \
             --domain a.example.com --domain - --domain b.example.com --login-redirect-uri https://a.example.com/in \
             --logout-redirect-uri https://a.example.com/out --internal-sign-in true --as-user $USER --scope a \
             --scope b --reference-tokens none --basic-authentication false --token-lifetime 5m \
             --pkce optional --backchannel-logout-uri https://a.example.com/over",
            "POST /apps",
            json!({
                "name": "A", "region": "eu-west", "client_id": "com.vendor/app", "client_type": "public",
                "plan_id": "$PLAN", "allowed_domains": ["a.example.com", null, "b.example.com"],
                "login_redirect_uris": ["https://a.example.com/in"],
                "logout_redirect_uris": ["https://a.example.com/out"], "sign_in": {"internal": true},
                "service_access": {"as": "user", "user_id": "$USER"}, "scopes": "a b",
                "reference_tokens": "none", "basic_authentication": false, "token_lifetime_seconds": 300,
                "pkce": "optional", "backchannel_logout_uri": "https://a.example.com/over",
            }),
        ),
        (
            "app update $APP --service-access none --reset scopes --reset allowed-domains --yes",
            "PATCH /apps/$APP",
            json!({"service_access": {"as": "none"}, "scopes": null, "allowed_domains": null}),
        ),
        (
            "app update $APP --reset pkce --reset backchannel-logout-uri",
            "PATCH /apps/$APP",
            json!({"pkce": null, "backchannel_logout_uri": null}),
        ),
        ("app plan set $APP $PLAN", "PUT /apps/$APP/plan", json!({"plan_id": "$PLAN"})),
        ("secret add $APP --overlap 7d", "POST /apps/$APP/secrets", json!({"overlap_seconds": 604_800})),
        ("tenant create --name Acme --app-limit 5", "POST /tenants", json!({"name": "Acme", "app_limit": 5})),
        (
            "tenant update $TENANT --secret-max-age-days 90 --yes",
            "PATCH /tenants/$TENANT",
            json!({"secret_max_age_days": 90}),
        ),
        (
            "tenant update $TENANT --no-secret-max-age",
            "PATCH /tenants/$TENANT",
            json!({"secret_max_age_days": null}),
        ),
        (
            "member set $TENANT $USER --role admin --yes",
            "PUT /tenants/$TENANT/members/$USER",
            json!({"role": "admin"}),
        ),
        (
            "invitation create $TENANT --user-name ada --role owner",
            "POST /tenants/$TENANT/invitations",
            json!({"user_name": "ada", "role": "owner"}),
        ),
        (
            "user create --kind system --name robot --display-name Robot",
            "POST /users",
            json!({"kind": "system", "name": "robot", "display_name": "Robot"}),
        ),
        (
            "user create --kind internal --name ada --display-name Ada --email ada@example.com",
            "POST /users",
            json!({"kind": "internal", "name": "ada", "display_name": "Ada", "email": "ada@example.com"}),
        ),
        (
            "user update $USER --email ada@example.com",
            "PATCH /users/$USER",
            json!({"email": "ada@example.com"}),
        ),
        ("user update $USER --no-email", "PATCH /users/$USER", json!({"email": null})),
        ("user update $USER --display-name Ada", "PATCH /users/$USER", json!({"display_name": "Ada"})),
        (
            "user token $USER --tenant $TENANT --lifetime 12h",
            "POST /users/$USER/tokens",
            json!({"tenant_id": "$TENANT", "lifetime_seconds": 43_200}),
        ),
        ("user token $USER", "POST /users/$USER/tokens", json!({})),
        (
            "plan create --code team --name Team --free --per-hour 5 --per-month 90 --requests-per-minute 6 \
             --feature ocr=true --feature seats=5",
            "POST /plans",
            json!({
                "code": "team", "name": "Team", "free": true,
                "limits": {
                    "document_units": {"hour": 5, "month": 90}, "requests_per_minute": 6,
                    "features": {"ocr": true, "seats": 5},
                },
            }),
        ),
        ("plan update $PLAN --name Team", "PATCH /plans/$PLAN", json!({"name": "Team"})),
        ("plan update $PLAN --no-limits", "PATCH /plans/$PLAN", json!({"limits": null})),
        (
            "plan update $PLAN --tokens-per-minute 6 --tokens-per-hour 60 --token-quota-mode dry-run",
            "PATCH /plans/$PLAN",
            json!({"token_requests": {"minute": 6, "hour": 60, "mode": "dry_run"}}),
        ),
        ("plan update $PLAN --no-token-limits", "PATCH /plans/$PLAN", json!({"token_requests": null})),
        ("plan retire $PLAN --dry-run", "POST /plans/$PLAN/retire", json!({"dry_run": true})),
        (
            "plan retire $PLAN --successor $OTHER_PLAN --yes",
            "POST /plans/$PLAN/retire",
            json!({"successor_plan_id": "$OTHER_PLAN"}),
        ),
        ("region create --code us --name US", "POST /regions", json!({"code": "us", "name": "US"})),
        ("region update $REGION --name USA", "PATCH /regions/$REGION", json!({"name": "USA"})),
        (
            "region database add $REGION --db-code US1 --capacity 9",
            "POST /regions/$REGION/databases",
            json!({"db_code": "US1", "capacity": 9}),
        ),
        (
            "region database update $REGION $DATABASE --capacity 10",
            "PATCH /regions/$REGION/databases/$DATABASE",
            json!({"capacity": 10}),
        ),
        (
            "resource create --audience A.API --name A --limits-claims both --signing-alg EdDSA",
            "POST /resources",
            json!({"audience": "A.API", "name": "A", "limits_claims": "both", "signing_alg": "EdDSA"}),
        ),
        ("resource update $RESOURCE --name B", "PATCH /resources/$RESOURCE", json!({"name": "B"})),
        (
            "resource scope add $RESOURCE a.read --description reads --grant default",
            "POST /resources/$RESOURCE/scopes",
            json!({"name": "a.read", "description": "reads", "grant": "default"}),
        ),
        ("instance create --slug s --name S", "POST /instances", json!({"slug": "s", "name": "S"})),
        (
            "instance create --slug s --name S --accent teal",
            "POST /instances",
            json!({"slug": "s", "name": "S", "accent": "teal"}),
        ),
        ("instance update $INSTANCE --name T", "PATCH /instances/$INSTANCE", json!({"name": "T"})),
        ("instance update $INSTANCE --accent rose", "PATCH /instances/$INSTANCE", json!({"accent": "rose"})),
    ];
    for (arguments, request, body) in cases {
        check(arguments, request, &body);
    }
}

#[test]
fn a_check_of_storage_ends_with_9_unless_it_works() {
    for (outcome, expected) in [
        (json!("works"), 0),
        (json!("credentials_refused"), 9),
        (json!("bucket_not_found"), 9),
        (json!("unreachable"), 9),
        (json!("unexpected_answer"), 9),
        (Value::Null, 9),
    ] {
        let body = json!({ "outcome": outcome, "checked_at": "2026-11-21T12:00:00Z", "settings_version": 1 });
        let words = ["storage", "check", APP, "--output", "json"];
        let (code, out, error, requests) = run(vec![scripted_server::json(200, &body)], &words);
        assert_eq!(code, expected, "{outcome}: {error}");
        assert_eq!(serde_json::from_str::<Value>(&out).unwrap(), body, "it is shown either way");
        assert_eq!(error.contains("does not work"), expected == 9, "{error}");
        assert_eq!(requests[0].line, format!("POST /api/v1/apps/{APP}/storage/check"));
        assert!(requests[0].header("idempotency-key").is_some());
    }
}

#[test]
fn an_instance_is_part_of_the_path() {
    let answer = || scripted_server::json(200, &json!({}));
    let (code, _, _, requests) = run(vec![answer()], &["--instance", "staging", "whoami"]);
    assert_eq!((code, requests[0].line.as_str()), (0, "GET /i/staging/api/v1/me"));
    let (code, _, _, requests) = run(vec![answer()], &["whoami", "--instance", "default"]);
    assert_eq!((code, requests[0].line.as_str()), (0, "GET /api/v1/me"));
}

#[test]
fn a_version_is_sent_as_the_tag_that_has_to_match() {
    let answer = scripted_server::json(200, &json!({}));
    let (code, _, _, requests) =
        run(vec![answer], &["app", "update", APP, "--name", "B", "--if-version", "7"]);
    assert_eq!((code, requests[0].header("if-match")), (0, Some("\"7\"")));
}

#[test]
fn secrets_and_documents_come_from_files() {
    let folder = tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let answer = || vec![scripted_server::json(200, &json!({}))];
    let key = file("key", "wJalr+/x=\n");
    let (code, _, _, requests) = run(
        answer(),
        &[
            "storage",
            "set",
            APP,
            "--provider",
            "minio",
            "--bucket",
            "b",
            "--access-key",
            "AK",
            "--secret-key-file",
            &key,
            "--endpoint",
            "https://s3.example.com",
        ],
    );
    assert_eq!(code, 0);
    assert_eq!(requests[0].line, format!("PUT /api/v1/apps/{APP}/storage"));
    assert_eq!(
        requests[0].json(),
        json!({
            "provider": "minio", "bucket": "b", "access_key": "AK", "secret_key": "wJalr+/x=",
            "endpoint": "https://s3.example.com",
        })
    );
    let handle = file("handle", "tkin_x\n");
    let (code, _, _, requests) = run(answer(), &["invitation", "accept", &handle]);
    assert_eq!((code, requests[0].line.as_str()), (0, "POST /api/v1/invitations/accept"));
    assert_eq!(requests[0].json(), json!({"token": "tkin_x"}));
    let document = file("records.json", r#"{"turnkeep":1,"operators":["ada"]}"#);
    let (code, _, _, requests) = run(answer(), &["import", &document, "--dry-run", "--tenant", "Acme"]);
    assert_eq!((code, requests[0].line.as_str()), (0, "POST /api/v1/import"));
    let sent = requests[0].json();
    assert_eq!((&sent["dry_run"], &sent["on_refusal"]), (&json!(true), &json!("import_nothing")));
    assert_eq!((&sent["tenant"], &sent["document"]["operators"]), (&json!("Acme"), &json!(["ada"])));
}

#[test]
fn an_import_with_refused_records_shows_them_and_fails() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("records.json");
    std::fs::write(&path, r#"{"turnkeep":1,"operators":["ada"]}"#).unwrap();
    let change = json!({"attribute": "state", "before": "active", "after": "suspended"});
    let report = json!({"applied": false, "created": 1, "updated": 1, "unchanged": 1, "refused": 1, "records": [
        {"kind": "tenant", "key": "Acme", "outcome": "created"},
        {"kind": "tenant", "key": "Zeta", "outcome": "updated", "changes": [change]},
        {"kind": "tenant", "key": "Same", "outcome": "unchanged"},
        {"kind": "app", "key": "Invoices", "outcome": "refused", "errors": [{"field": "name", "message": "taken"}]},
    ]});
    let answer = scripted_server::json(200, &report);
    let (code, said, error, _) = run(vec![answer], &["import", path.to_str().unwrap(), "--yes"]);
    assert_eq!(code, 3);
    assert!(said.contains("created  tenant  Acme"), "{said}");
    assert!(said.contains("updated  tenant  Zeta      state: active → suspended"), "{said}");
    assert!(said.contains("refused  app     Invoices  name: taken"), "{said}");
    assert!(said.ends_with("created 1, updated 1, unchanged 1, refused 1 (not imported)\n"), "{said}");
    assert!(!said.contains("Same"), "{said}");
    assert!(error.contains("not every record was taken"), "{error}");
}

#[test]
fn a_client_id_is_explained_by_way_of_its_app_and_never_another() {
    let app = json!({"items": [{"id": APP, "client_id": "com.vendor/app"}], "next": null});
    let explanation = json!({
        "token_possible": false, "live_secrets": 1,
        "checks": [
            {"check": "app_exists", "state": "passed"},
            {"check": "app_enabled", "state": "denied", "code": "app_disabled", "message": "the app is disabled",
             "since": "2026-11-21T10:00:00Z", "advice": "Enable it."},
        ],
    });
    let replies = vec![scripted_server::json(200, &app), scripted_server::json(200, &explanation)];
    let (code, said, _, requests) = run(replies, &["explain", "com.vendor/app"]);
    assert_eq!(code, 0);
    assert_eq!(requests[0].line, "GET /api/v1/apps?client_id=com.vendor%2Fapp");
    assert_eq!(requests[1].line, format!("GET /api/v1/apps/{APP}/explain"));
    assert!(said.starts_with("token possible: no, live secrets: 1\n"), "{said}");
    let end = "app_enabled  denied  2026-11-21 10:00\n\napp_enabled: the app is disabled. Enable it.\n";
    assert!(said.ends_with(end), "{said}");
    let (code, said, error, requests) = run(vec![scripted_server::json(200, &app)], &["explain", "tk_other"]);
    assert_eq!((code, said.as_str(), requests.len()), (4, "", 1), "{error}");
}

#[test]
fn explain_says_whether_people_get_tokens_where_they_are_meant_to() {
    let missing = json!({"token_possible": false, "code": "no_redirect_uri", "message": "there is no URI",
                         "advice": "Add one."});
    let people = |outcome: Value| {
        let explanation = json!({"token_possible": false, "live_secrets": 0, "for_people": outcome, "checks": [
            {"check": "app_enabled", "state": "denied", "code": "app_disabled", "message": "the app is disabled"},
            {"check": "service_access", "state": "denied", "code": "public_app", "message": "the app is public"},
        ]});
        let (code, said, error, _) = run(vec![scripted_server::json(200, &explanation)], &["explain", APP]);
        assert_eq!(code, 0, "{error}");
        said
    };
    let said = people(json!({"token_possible": true}));
    assert!(
        said.starts_with("token possible: no (for people who sign in: yes), live secrets: 0\n"),
        "{said}"
    );
    assert!(said.ends_with("\nservice_access: the app is public\n"), "{said}");
    let said = people(missing);
    assert!(said.starts_with("token possible: no (for people who sign in: no), live secrets: 0\n"), "{said}");
    assert!(said.ends_with("\nfor_people: there is no URI. Add one.\n"), "{said}");
    // Told by a check already.
    let said =
        people(json!({"token_possible": false, "code": "app_disabled", "message": "the app is disabled"}));
    assert!(
        said.starts_with("token possible: no (for people who sign in: no), ")
            && !said.contains("for_people:"),
        "{said}"
    );
    // Not meant for people.
    let said =
        people(json!({"token_possible": false, "code": "sign_in_off", "message": "nobody may sign in"}));
    assert!(said.starts_with("token possible: no, live secrets: 0\n") && !said.contains("nobody"), "{said}");
}

#[test]
fn downloads_go_to_a_new_file_for_their_owner_or_nowhere() {
    use std::os::unix::fs::PermissionsExt;

    use crate::scripted_server::Reply;
    let folder = tempdir().unwrap();
    let path = folder.path().join("audit.jsonl");
    let lines = "{\"n\":1}\n{\"n\":2}\n";
    let answer = || vec![Reply::Answer(200, "", lines.to_owned())];
    let out = path.to_str().unwrap();
    let (code, said, _, _) = run(answer(), &["audit", "export", "--out", out]);
    assert_eq!((code, said.as_str()), (0, ""));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), lines);
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let (code, _, _, requests) = run(answer(), &["audit", "export", "--out", out]);
    assert_eq!((code, requests.len()), (2, 0), "a file is not overwritten");
    let (code, said, _, _) = run(answer(), &["audit", "export"]);
    assert_eq!((code, said.as_str()), (0, lines));
    let other = folder.path().join("other");
    let broken = Reply::Answer(200, "content-length: 99\r\n", "{".to_owned());
    let (code, _, _, _) = run(vec![broken], &["export", "--out", other.to_str().unwrap()]);
    assert_eq!(code, 6);
    assert!(!other.exists(), "half a file does not stay");
}
