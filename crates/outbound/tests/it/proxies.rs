//! A proxy of the environment would connect in our place, unguarded.

use std::process::{Command, Stdio};

use url::Url;

use crate::local_server::LocalServer;
use crate::resolvers::{Scripted, patient_client};

#[test]
fn a_request_goes_to_its_target() {
    let server = LocalServer::answering("200 OK", "", "the target");
    let client = patient_client(&["direct.example"], Scripted::new(&[&["127.0.0.1"]]));
    let url = Url::parse(&format!("http://direct.example:{}/", server.port())).unwrap();
    assert_eq!(client.get(&url).unwrap().body, b"the target");
}

#[test]
fn a_proxy_of_the_environment_is_not_used() {
    let proxy = LocalServer::answering("200 OK", "", "the proxy");
    let mut child = Command::new(std::env::current_exe().unwrap());
    child
        .args(["--exact", "proxies::a_request_goes_to_its_target"])
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    for name in ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] {
        child.env(name, proxy.url());
    }
    child.env_remove("no_proxy").env_remove("NO_PROXY");
    assert!(child.status().unwrap().success());
    assert_eq!(proxy.into_connections(), 0);
}
