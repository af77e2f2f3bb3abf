//! Telling apps of logouts: requirements C 59 to 62, and Back-Channel Logout §2.5 to §2.8.

use std::io::Write;
use std::net::TcpListener;
use std::thread;
use std::time::{Duration, Instant};

use turnkeep_outbound::allow_list::AllowList;
use turnkeep_outbound::client::FetchError;
use turnkeep_outbound::logout_client::{LogoutClient, NotTold};
use turnkeep_outbound::target::TargetError;

use crate::local_server::{Behaviour, LocalServer, answer, read_request};
use crate::resolvers::Scripted;

const TOKEN: &str = "eyJ0.eyJz.c2ln-_";
const SHORT: Duration = Duration::from_millis(300);
/// Far more than a busy machine may add, far less than what a missing limit would take.
const SLACK: Duration = Duration::from_secs(20);

fn client(allowed: &[&str], resolution: &[&[&str]], limit: Duration) -> LogoutClient {
    let list = AllowList::parse(allowed.iter().copied()).unwrap();
    LogoutClient::with_resolver(list, Scripted::new(resolution), limit)
}

fn patient(allowed: &[&str]) -> LogoutClient {
    client(allowed, &[], SLACK * 3)
}

#[test]
fn the_token_comes_as_a_form_and_nothing_else_does() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let app = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let request = read_request(&mut stream).unwrap();
        stream.write_all(answer("200 OK", "", "").as_bytes()).unwrap();
        request
    });
    patient(&[&address]).tell(&format!("http://{address}/logout?app=1"), TOKEN).unwrap();
    let request = app.join().unwrap();
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("POST /logout?app=1 HTTP/1.1\r\n"), "{head}");
    let head = head.to_lowercase();
    assert!(head.contains("content-type: application/x-www-form-urlencoded"), "{head}");
    assert!(
        !head.contains("cookie") && !head.contains("authorization") && !head.contains("referer"),
        "{head}"
    );
    assert_eq!(body, format!("logout_token={TOKEN}"));
}

#[test]
fn only_200_and_204_mean_that_the_app_was_told() {
    for (status, told) in [
        ("200 OK", true),
        ("204 No Content", true),
        ("201 Created", false),
        ("202 Accepted", false),
        ("400 Bad Request", false),
        ("404 Not Found", false),
        ("501 Not Implemented", false),
        ("503 Service Unavailable", false),
    ] {
        let server = LocalServer::answering(status, "", "");
        let outcome = patient(&[&server.entry()]).tell(&server.url(), TOKEN);
        let expected = if told { Ok(()) } else { Err(NotTold::Status(status[..3].parse().unwrap())) };
        assert_eq!(outcome, expected, "{status}");
    }
}

#[test]
fn attack_59_what_is_not_public_is_neither_saved_nor_told_unless_it_is_listed() {
    let server = LocalServer::answering("200 OK", "", "");
    let port = server.port();
    let nobody = patient(&[]);
    for uri in [
        format!("http://127.0.0.1:{port}/"),
        format!("https://127.0.0.1:{port}/"),
        format!("http://localhost:{port}/"),
        format!("https://localhost:{port}/"),
        format!("https://[::1]:{port}/"),
        format!("https://[::ffff:127.0.0.1]:{port}/"),
        format!("https://2130706433:{port}/"),
        format!("https://0:{port}/"),
        "https://10.0.0.1/".to_owned(),
        "https://192.168.1.1/".to_owned(),
        "https://169.254.169.254/latest/meta-data/".to_owned(),
        "https://[fe80::1]/".to_owned(),
        "https://metadata.google.internal/".to_owned(),
        "http://app.example.com/".to_owned(),
        "gopher://127.0.0.1/".to_owned(),
        "file:///etc/passwd".to_owned(),
    ] {
        assert!(!nobody.may_reach(&uri), "{uri}");
        let outcome = nobody.tell(&uri, TOKEN);
        assert!(matches!(outcome, Err(NotTold::NoAnswer(FetchError::Target(_)))), "{uri}: {outcome:?}");
    }
    assert!(nobody.may_reach("https://app.example.com:8443/logout?x=1"));
    assert!(patient(&[&server.entry()]).may_reach(&server.url()));
    assert_eq!(server.into_connections(), 0);
    let no_url = nobody.tell("no url", TOKEN);
    assert_eq!(no_url, Err(NotTold::NoAnswer(FetchError::Target(TargetError::NotAUrl))));
}

#[test]
fn attack_60_a_name_that_leads_home_sees_no_connection() {
    let server = LocalServer::answering("200 OK", "", "");
    for resolution in
        [&["127.0.0.1"][..], &["8.8.8.8", "127.0.0.1"], &["169.254.169.254"], &["::ffff:10.0.0.1"]]
    {
        let client = client(&[], &[resolution], SLACK);
        let outcome = client.tell(&format!("https://app.example.com:{}/", server.port()), TOKEN);
        assert_eq!(outcome, Err(NotTold::NoAnswer(FetchError::RefusedAddress)), "{resolution:?}");
    }
    assert_eq!(server.into_connections(), 0);
}

#[test]
fn attack_61_a_redirect_is_a_refusal_and_not_followed() {
    let private = LocalServer::answering("200 OK", "", "");
    for status in ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"] {
        for place in [private.url(), "file:///etc/passwd".to_owned(), "gopher://127.0.0.1/".to_owned()] {
            let server = LocalServer::answering(status, &format!("Location: {place}\r\n"), "");
            let outcome = patient(&[&server.entry(), &private.entry()]).tell(&server.url(), TOKEN);
            assert_eq!(outcome, Err(NotTold::Status(status[..3].parse().unwrap())));
        }
    }
    assert_eq!(private.into_connections(), 0);
}

#[test]
fn attack_61_an_answer_that_is_too_large_or_never_ends_is_left() {
    let limit = LogoutClient::BODY_LIMIT;
    let of = |size: usize| LocalServer::start(Behaviour::Answer(answer("200 OK", "", &"x".repeat(size))));
    let endless = LocalServer::start(Behaviour::Endless {
        begin: "HTTP/1.1 200 OK\r\n\r\n".to_owned(),
        repeated: "x".repeat(16 * 1024),
    });
    let ten_gigabytes = "HTTP/1.1 200 OK\r\nContent-Length: 10737418240\r\n\r\n";
    let too_large = Err(NotTold::NoAnswer(FetchError::TooLarge));
    for (server, expected) in [
        (of(limit), Ok(())),
        (of(limit + 1), too_large),
        (endless, too_large),
        (LocalServer::start(Behaviour::Stall { begin: ten_gigabytes.to_owned() }), too_large),
    ] {
        assert_eq!(patient(&[&server.entry()]).tell(&server.url(), TOKEN), expected);
    }
}

#[test]
fn attack_61_whoever_takes_too_long_is_left_at_the_limit() {
    let drip = |begin: &str| LocalServer::start(Behaviour::Drip { begin: begin.to_owned() });
    for server in [
        LocalServer::start(Behaviour::Silence),
        drip("HTTP/1.1 200 OK\r\nX-Slow: "),
        drip("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"),
    ] {
        let begin = Instant::now();
        let outcome = client(&[&server.entry()], &[], SHORT).tell(&server.url(), TOKEN);
        assert_eq!(outcome, Err(NotTold::NoAnswer(FetchError::TimedOut)));
        assert!((SHORT..SLACK).contains(&begin.elapsed()), "{:?}", begin.elapsed());
    }
    assert_eq!(LogoutClient::TIME_LIMIT, Duration::from_secs(5));
}
