//! A demo whose log is read to its end, a collector that keeps what it is sent, and requests byte by byte.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::Stdio;
use std::sync::mpsc::{Receiver, channel};
use std::thread::{self, JoinHandle};

use data_encoding::BASE64;
use serde_json::Value;

use crate::process::{Demo, Server, turnkeep};

/// A demo and what it logs.
pub(crate) struct Observed {
    pub(crate) demo: Demo,
    log: JoinHandle<String>,
}

impl Observed {
    /// A demo with settings.
    pub(crate) fn start(folder: &Path, settings: &[(&str, &str)]) -> Self {
        let (data, json) = (folder.join("data"), folder.join("facts.json"));
        let mut command = turnkeep(&["demo", "--listen", "127.0.0.1:0", "--data", data.to_str().unwrap()]);
        command.args(["--json", json.to_str().unwrap()]).stderr(Stdio::piped());
        command.envs(settings.iter().map(|(name, value)| (format!("TURNKEEP_{name}"), value)));
        let mut server = Server::start(&mut command);
        let mut stderr = server.child.stderr.take().unwrap();
        let log = thread::spawn(move || {
            let mut bytes = Vec::new();
            stderr.read_to_end(&mut bytes).unwrap();
            String::from_utf8(bytes).unwrap()
        });
        server.read_until(|line| line.contains("Ctrl-C"));
        let facts = serde_json::from_str(&std::fs::read_to_string(&json).unwrap()).unwrap();
        Self { demo: Demo { server, facts }, log }
    }

    /// Stops it; what it has logged.
    pub(crate) fn stop(self) -> String {
        self.demo.server.stop();
        self.log.join().unwrap()
    }

    /// The demo, and its log as soon as it has stopped.
    pub(crate) fn into_parts(self) -> (Demo, JoinHandle<String>) {
        (self.demo, self.log)
    }

    /// `Authorization: Basic` of the demo's app.
    pub(crate) fn basic(&self) -> String {
        let pair = format!("{}:{}", self.demo.text("/app/client_id"), self.demo.text("/app/client_secret"));
        format!("Authorization: Basic {}\r\n", BASE64.encode(pair.as_bytes()))
    }

    /// The answer to a request for a token, with headers more.
    pub(crate) fn ask_token(&self, headers: &str) -> String {
        let form = "grant_type=client_credentials";
        let headers = format!("{}{headers}Content-Type: application/x-www-form-urlencoded\r\n", self.basic());
        self.ask("POST", "/connect/token", &headers, form)
    }

    /// The answer to any request, with its headers.
    pub(crate) fn ask(&self, method: &str, target: &str, headers: &str, body: &str) -> String {
        let address = self.demo.server.base_url.trim_start_matches("http://");
        let mut stream = TcpStream::connect(address).unwrap();
        let length = body.len();
        write!(
            stream,
            "{method} {target} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Length: {length}\r\n\
             {headers}\r\n{body}"
        )
        .unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        String::from_utf8(answer).unwrap()
    }
}

/// The value of a header in an answer.
pub(crate) fn header<'a>(answer: &'a str, name: &str) -> &'a str {
    let named = |line: &'a str| line.split_once(": ").filter(|(found, _)| *found == name);
    answer.lines().find_map(named).unwrap_or_else(|| panic!("no {name} in {answer}")).1
}

/// The JSON of an answer.
pub(crate) fn json(answer: &str) -> Value {
    let (_, body) = answer.split_once("\r\n\r\n").unwrap();
    serde_json::from_str(body).unwrap_or_else(|_| panic!("{answer}"))
}

/// Takes what is exported to it.
pub(crate) struct Collector {
    pub(crate) url: String,
    exported: Receiver<Vec<u8>>,
}

impl Collector {
    /// Listens on a free port, until the test ends.
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (tell, exported) = channel();
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let tell = tell.clone();
                thread::spawn(move || {
                    // Whoever exports may end as soon as it is answered.
                    while let Some(body) = take_export(&stream) {
                        drop(tell.send(body));
                        if acknowledge(&stream).is_err() {
                            break;
                        }
                    }
                });
            }
        });
        Self { url, exported }
    }

    /// All that was exported, once whoever exports has ended.
    pub(crate) fn exported(&self) -> Vec<u8> {
        self.exported.try_iter().flatten().collect()
    }
}

/// The body of a request.
fn take_export(stream: &TcpStream) -> Option<Vec<u8>> {
    let mut reader = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let line = line.trim_end().to_ascii_lowercase();
        if let Some(value) = line.strip_prefix("content-length: ") {
            length = value.parse().ok()?;
        }
        if line.is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(body)
}

/// Answers with an empty `ExportTraceServiceResponse` (OTLP/HTTP).
fn acknowledge(mut stream: &TcpStream) -> std::io::Result<()> {
    stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: application/x-protobuf\r\nContent-Length: 0\r\n\r\n")
}

/// Whether bytes are somewhere in others.
pub(crate) fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}
