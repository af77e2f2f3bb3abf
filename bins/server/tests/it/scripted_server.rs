//! A server that answers what it is told, and remembers what it was asked.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Output};
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::Value;

use crate::process::turnkeep;

/// What to do with the next request.
#[derive(Debug, Clone)]
pub(crate) enum Reply {
    /// Status, further headers (each with its end of line) and body.
    Answer(u16, &'static str, String),
    /// Close the connection without a word.
    Break,
}

/// An answer with a JSON body.
pub(crate) fn json(status: u16, body: &Value) -> Reply {
    Reply::Answer(status, "", body.to_string())
}

/// A request as it came.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    /// Method and path with query.
    pub(crate) line: String,
    headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    /// The body; null if there is none.
    pub(crate) fn json(&self) -> Value {
        if self.body.is_empty() { Value::Null } else { serde_json::from_str(&self.body).unwrap() }
    }
}

/// The server. It listens until its script ends; then connections are refused.
pub(crate) struct ScriptedServer {
    pub(crate) url: String,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl ScriptedServer {
    pub(crate) fn start(replies: Vec<Reply>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let remembered = Arc::clone(&requests);
        thread::spawn(move || {
            for reply in replies {
                let (stream, _) = listener.accept().unwrap();
                let request = read(&stream);
                remembered.lock().unwrap().push(request);
                answer(stream, &reply);
            }
        });
        Self { url, requests }
    }

    /// A command to this server with a token.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = turnkeep(arguments);
        command.env("TURNKEEP_SERVER", &self.url).env("TURNKEEP_TOKEN", "tkmt_secret");
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// What it was asked so far.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }
}

/// Exit code, standard output and standard error of a command to a server with that script, and what it was asked.
pub(crate) fn run(replies: Vec<Reply>, arguments: &[&str]) -> (i32, String, String, Vec<Request>) {
    let server = ScriptedServer::start(replies);
    let output = server.run(arguments);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr), server.requests())
}

fn read(stream: &TcpStream) -> Request {
    let mut reader = BufReader::new(stream);
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        let line = line.trim_end().to_owned();
        if line.is_empty() {
            break;
        }
        lines.push(line);
    }
    let headers: Vec<(String, String)> = lines[1..]
        .iter()
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let length: usize = length.map_or(0, |(_, value)| value.parse().unwrap());
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let line = lines[0].trim_end_matches(" HTTP/1.1").to_owned();
    Request { line, headers, body: String::from_utf8(body).unwrap() }
}

fn answer(mut stream: TcpStream, reply: &Reply) {
    if let Reply::Answer(status, headers, body) = reply {
        let length =
            if *status == 204 { String::new() } else { format!("content-length: {}\r\n", body.len()) };
        write!(stream, "HTTP/1.1 {status} X\r\nconnection: close\r\n{headers}{length}\r\n{body}").unwrap();
    }
}
