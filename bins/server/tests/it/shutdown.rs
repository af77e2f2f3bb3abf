//! Stopping drops nothing that is under way.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::Stdio;
use std::time::{Duration, Instant};

use tempfile::tempdir;

use crate::process::{Demo, Server, turnkeep};

#[test]
fn a_request_under_way_is_answered_before_the_server_ends() {
    let folder = tempdir().unwrap();
    let demo = Demo::start(folder.path());
    let (id, secret) = (demo.text("/app/client_id"), demo.text("/app/client_secret"));
    demo.server.stop();

    let data = folder.path().join("data");
    let mut command = turnkeep(&["serve", "--listen", "127.0.0.1:0", "--data", data.to_str().unwrap()]);
    // One thread takes connections in their order.
    command.env("TURNKEEP_WORKERS", "1");
    let mut server = Server::start(command.stderr(Stdio::piped()));
    let mut log = BufReader::new(server.child.stderr.take().unwrap());
    let address = server.base_url.trim_start_matches("http://").to_owned();

    let body = format!("grant_type=client_credentials&client_id={id}&client_secret={secret}");
    let (now, later) = body.split_at(20);
    let mut stream = TcpStream::connect(&address).unwrap();
    write!(
        stream,
        "POST /connect/token HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{now}",
        body.len()
    )
    .unwrap();
    // An answer on another connection shows that the server has taken this one before it is told to stop.
    let mut other = TcpStream::connect(&address).unwrap();
    write!(other, "GET /health/live HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").unwrap();
    other.read_to_string(&mut String::new()).unwrap();
    server.terminate();
    let mut line = String::new();
    while !line.contains("finishing what is under way") {
        line.clear();
        assert_ne!(log.read_line(&mut line).unwrap(), 0, "the server ended without a word");
    }
    stream.write_all(later.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(answer.contains("\"access_token\""), "{answer}");
    assert!(server.child.wait().unwrap().success());
}

/// One answer to a request that asks for its connection to be closed.
fn ask(address: &str, path: &str, headers: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n{headers}\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn polls_that_wait_for_kill_marks_do_not_hold_a_server_up() {
    let folder = tempdir().unwrap();
    let mut demo = Demo::start(folder.path());
    let address = demo.server.base_url.trim_start_matches("http://").to_owned();
    let feed = "/.well-known/kill-marks";
    let first = ask(&address, feed, "");
    let tag = first.lines().find_map(|line| line.strip_prefix("etag: ")).unwrap();
    // One on a connection that its client would keep.
    let mut kept = TcpStream::connect(&address).unwrap();
    let headers = format!("If-None-Match: {tag}\r\nPrefer: wait=30\r\n");
    write!(kept, "GET {feed} HTTP/1.1\r\nHost: {address}\r\n{headers}\r\n").unwrap();
    let closing = std::thread::spawn({
        let address = address.clone();
        move || ask(&address, feed, &headers)
    });
    while !ask(&address, "/metrics", "").contains("turnkeep_polls_waiting 2\n") {}

    let begun = Instant::now();
    demo.server.terminate();
    let mut answer = String::new();
    kept.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 304"), "{answer}");
    assert!(closing.join().unwrap().starts_with("HTTP/1.1 304"));
    assert!(demo.server.child.wait().unwrap().success());
    assert!(begun.elapsed() < Duration::from_secs(15), "{:?}", begun.elapsed());
}
