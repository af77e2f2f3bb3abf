//! A mail server that takes one connection, answers as it is told and tells what it heard.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::thread::{self, JoinHandle};

/// What a server says to which line.
#[derive(Clone, Copy)]
pub(crate) struct Manners {
    pub(crate) extensions: &'static str,
    pub(crate) to_recipient: &'static str,
}

impl Manners {
    pub(crate) const GOOD: Self = Self { extensions: "250 server", to_recipient: "250 ok" };
}

pub(crate) struct MailServer {
    pub(crate) port: u16,
    thread: JoinHandle<Vec<String>>,
}

impl MailServer {
    pub(crate) fn start(manners: Manners) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        Self { port, thread: thread::spawn(move || serve(&listener, manners)) }
    }

    /// The lines of the client, once it has gone.
    pub(crate) fn heard(self) -> Vec<String> {
        self.thread.join().unwrap()
    }
}

fn serve(listener: &TcpListener, manners: Manners) -> Vec<String> {
    let (mut stream, _) = listener.accept().unwrap();
    let lines = BufReader::new(stream.try_clone().unwrap()).lines();
    let (mut heard, mut in_data) = (Vec::new(), false);
    stream.write_all(b"220 server\r\n").unwrap();
    for line in lines.map_while(Result::ok) {
        heard.push(line.clone());
        let verb = line.split([' ', ':']).next().unwrap_or_default();
        let answer = match verb {
            _ if in_data && line != "." => continue,
            "EHLO" => manners.extensions,
            "DATA" => "354 go on",
            "RCPT" => manners.to_recipient,
            "AUTH" => "235 welcome",
            "QUIT" => "221 bye",
            _ => "250 ok",
        };
        in_data = verb == "DATA";
        // The client may be gone already; what it said is what counts.
        drop(stream.write_all(format!("{answer}\r\n").as_bytes()));
    }
    heard
}
