//! How far an answer may go: requirement C 61.

use std::sync::mpsc;
use std::time::{Duration, Instant};

use turnkeep_outbound::client::{Answer, FetchError, GuardedClient, Limits};
use turnkeep_outbound::resolver::Resolver;
use url::Url;

use crate::local_server::{Behaviour, LocalServer, answer};
use crate::resolvers::{Scripted, client_with, patient_client};

const SHORT: Duration = Duration::from_millis(300);
/// Far more than a busy machine may add, far less than what a missing limit would take.
const SLACK: Duration = Duration::from_secs(20);

fn get(client: &GuardedClient, server: &LocalServer) -> Result<Answer, FetchError> {
    client.get(&Url::parse(&server.url()).unwrap())
}

fn endless(begin: &str, repeated: &str) -> LocalServer {
    LocalServer::start(Behaviour::Endless { begin: begin.to_owned(), repeated: repeated.to_owned() })
}

#[test]
fn a_body_may_have_its_limit_and_not_a_byte_more() {
    for (size, fits) in [(1024, true), (1025, false)] {
        let body = "x".repeat(size);
        let chunked =
            format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{size:x}\r\n{body}\r\n0\r\n\r\n");
        for behaviour in [Behaviour::Answer(answer("200 OK", "", &body)), Behaviour::Answer(chunked)] {
            let server = LocalServer::start(behaviour);
            let outcome = get(&patient_client(&[&server.entry()], Scripted::new(&[])), &server);
            match outcome {
                Ok(answer) => assert!(fits && answer.body.len() == size),
                Err(error) => assert!(!fits && error == FetchError::TooLarge, "{error:?}"),
            }
        }
    }
}

#[test]
fn an_answer_that_announces_or_sends_too_much_is_not_waited_for() {
    let ten_gigabytes = "HTTP/1.1 200 OK\r\nContent-Length: 10737418240\r\n\r\n";
    let servers = [
        LocalServer::start(Behaviour::Stall { begin: ten_gigabytes.to_owned() }),
        endless("HTTP/1.1 200 OK\r\n\r\n", "xxxxxxxxxxxxxxxx"),
        endless("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "8\r\nxxxxxxxx\r\n"),
    ];
    for server in servers {
        let outcome = get(&patient_client(&[&server.entry()], Scripted::new(&[])), &server);
        assert_eq!(outcome, Err(FetchError::TooLarge));
    }
}

#[test]
fn a_head_that_never_ends_is_not_waited_for() {
    let servers = [
        endless("HTTP/1.1 200 OK\r\n", "X-Filler: xxxxxxxxxxxxxxxxxxxxxxxxx\r\n"),
        endless("HTTP/1.1 200 OK\r\nX-Filler: ", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        endless("HTTP/1.1 200 ", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
    ];
    for server in servers {
        // The client has a minute: it is the size that ends this.
        let outcome = get(&patient_client(&[&server.entry()], Scripted::new(&[])), &server);
        assert_eq!(outcome, Err(FetchError::Connection));
    }
}

#[test]
fn whoever_takes_too_long_is_left_at_the_limit() {
    let drip = |begin: &str| LocalServer::start(Behaviour::Drip { begin: begin.to_owned() });
    let servers = [
        LocalServer::start(Behaviour::Silence),
        drip("HTTP/1.1 200 OK\r\nX-Slow: "),
        drip("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"),
        endless("", "HTTP/1.1 100 Continue\r\n\r\n"),
    ];
    for server in servers {
        let limits = Limits { connect: SLACK, total: SHORT, body_bytes: 1024 };
        let client = client_with(&[&server.entry()], Scripted::new(&[]), limits);
        let begin = Instant::now();
        assert_eq!(get(&client, &server), Err(FetchError::TimedOut));
        assert!((SHORT..SLACK).contains(&begin.elapsed()), "{:?}", begin.elapsed());
    }
}

#[test]
fn tls_that_never_begins_is_left_at_the_limit_for_connecting() {
    let server = LocalServer::start(Behaviour::Silence);
    let limits = Limits { connect: SHORT, total: SLACK * 3, body_bytes: 1024 };
    let client = client_with(&[&server.entry()], Scripted::new(&[]), limits);
    let begin = Instant::now();
    let outcome = client.get(&Url::parse(&format!("https://{}/", server.entry())).unwrap());
    assert_eq!(outcome, Err(FetchError::TimedOut));
    assert!((SHORT..SLACK).contains(&begin.elapsed()), "{:?}", begin.elapsed());
}

#[test]
fn a_resolver_that_takes_too_long_is_left_at_the_limit() {
    struct Stuck(std::sync::Mutex<mpsc::Receiver<()>>);
    impl Resolver for Stuck {
        fn resolve(&self, _name: &str) -> std::io::Result<Vec<std::net::IpAddr>> {
            let _ = self.0.lock().unwrap().recv();
            Ok(Vec::new())
        }
    }
    let (_sender, receiver) = mpsc::channel();
    let limits = Limits { connect: SHORT, total: SHORT, body_bytes: 1024 };
    let client = client_with(&[], std::sync::Arc::new(Stuck(std::sync::Mutex::new(receiver))), limits);
    let begin = Instant::now();
    let outcome = client.get(&Url::parse("https://slow.example/").unwrap());
    assert_eq!(outcome, Err(FetchError::TimedOut));
    assert!((SHORT..SLACK).contains(&begin.elapsed()), "{:?}", begin.elapsed());
}
