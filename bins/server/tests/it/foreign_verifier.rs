//! A token is verified by a JOSE library that this project does not use: PyJWT, with nothing but the published
//! key set to go by.

use std::path::PathBuf;
use std::process::Command;

use serde_json::{Value, json};
use tempfile::tempdir;

use crate::process::Demo;
use crate::wire::{Client, Management};

const PROGRAM: &str = r#"
import json, sys
import jwt
base, audience, token = sys.argv[1:]
key = jwt.PyJWKClient(base + "/.well-known/jwks.json").get_signing_key_from_jwt(token)
header = jwt.get_unverified_header(token)
assert header["typ"] == "at+jwt", header
claims = jwt.decode(token, key.key, algorithms=[header["alg"]], audience=audience, issuer=base,
                    options={"require": ["iss", "sub", "aud", "client_id", "iat", "nbf", "exp", "jti"]})
print(json.dumps({"alg": header["alg"], "claims": claims}))
"#;

fn python() -> PathBuf {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../target/tools/python/bin/python");
    assert!(path.exists(), "PyJWT is not installed: run `cargo xtask setup`");
    path
}

fn verify(demo: &Demo, audience: &str, token: &str) -> Result<Value, String> {
    let output = Command::new(python())
        .args(["-c", PROGRAM, &demo.server.base_url, audience, token])
        .output()
        .unwrap();
    if output.status.success() {
        Ok(serde_json::from_slice(&output.stdout).unwrap())
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }
}

#[test]
fn a_foreign_library_verifies_tokens_of_every_algorithm_against_the_key_set() {
    let folder = tempdir().unwrap();
    let demo = Demo::start(folder.path());
    let management = Management::of(&demo);
    let resources = management.get("/resources").body;
    let resource =
        resources["items"].as_array().unwrap().iter().find(|r| r["audience"] == "TrueParser.API").unwrap();
    let path = format!("/resources/{}", resource["id"].as_str().unwrap());
    for algorithm in ["ES256", "EdDSA", "RS256", "PS256"] {
        let changed = management.patch(&path, &json!({ "signing_alg": algorithm }));
        assert_eq!(changed.status, 200, "{changed:?}");
        let token = Client::of(&demo, "app").token();
        let verified = verify(&demo, "TrueParser.API", &token).unwrap();
        assert_eq!(verified["alg"], algorithm);
        assert_eq!(verified["claims"]["client_id"], demo.facts["app"]["client_id"]);
    }
}

#[test]
fn a_foreign_library_refuses_a_token_that_was_touched() {
    let folder = tempdir().unwrap();
    let demo = Demo::start(folder.path());
    let token = Client::of(&demo, "app").token();
    assert!(verify(&demo, "TrueParser.API", &token).is_ok());
    let mut parts: Vec<String> = token.split('.').map(str::to_owned).collect();
    let first = if parts[2].starts_with('A') { "B" } else { "A" };
    parts[2].replace_range(..1, first);
    let error = verify(&demo, "TrueParser.API", &parts.join(".")).unwrap_err();
    assert!(error.contains("InvalidSignatureError"), "{error}");
}
