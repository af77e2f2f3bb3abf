//! Stopping drops nothing that is under way.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::Stdio;

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
