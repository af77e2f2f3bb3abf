//! A server on a loopback address that says whatever a test wants, and counts who came.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// What a server does with a connection.
pub(crate) enum Behaviour {
    /// Reads the request and answers, then closes.
    Answer(String),
    /// Answers, then repeats a text until the other side has had enough.
    Endless { begin: String, repeated: String },
    /// Answers, then sends a byte now and then until the other side has had enough.
    Drip { begin: String },
    /// Answers, then says no more until the other side has had enough.
    Stall { begin: String },
    /// Reads and never says a word.
    Silence,
    /// Closes at once.
    HangUp,
}

/// Runs until it is dropped.
pub(crate) struct LocalServer {
    address: SocketAddr,
    connections: Arc<AtomicUsize>,
    stopped: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl LocalServer {
    pub(crate) fn start(behaviour: Behaviour) -> Self {
        Self::start_at(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), behaviour)
    }

    pub(crate) fn start_at(address: SocketAddr, behaviour: Behaviour) -> Self {
        let listener = TcpListener::bind(address).unwrap();
        let address = listener.local_addr().unwrap();
        let connections = Arc::new(AtomicUsize::new(0));
        let stopped = Arc::new(AtomicBool::new(false));
        let (count, stop) = (Arc::clone(&connections), Arc::clone(&stopped));
        let serve_all = move || {
            for stream in listener.incoming() {
                if stop.load(Ordering::SeqCst) {
                    return;
                }
                count.fetch_add(1, Ordering::SeqCst);
                // The client goes away when it has had enough.
                let _ = serve(&mut stream.unwrap(), &behaviour);
            }
        };
        Self { address, connections, stopped, thread: Some(thread::spawn(serve_all)) }
    }

    /// A whole answer with a body.
    pub(crate) fn answering(status: &str, headers: &str, body: &str) -> Self {
        Self::start(Behaviour::Answer(answer(status, headers, body)))
    }

    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// `host:port`, for an allow-list.
    pub(crate) fn entry(&self) -> String {
        self.address.to_string()
    }

    /// How many have connected. Stops the server, so that a connection that is still queued counts too.
    pub(crate) fn into_connections(mut self) -> usize {
        self.stop();
        self.connections.load(Ordering::SeqCst)
    }

    fn stop(&mut self) {
        self.stopped.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Drop for LocalServer {
    fn drop(&mut self) {
        self.stop();
    }
}

pub(crate) fn answer(status: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\n{headers}\r\n{body}")
}

fn serve(stream: &mut TcpStream, behaviour: &Behaviour) -> std::io::Result<()> {
    match behaviour {
        Behaviour::Silence => read_to_end(stream),
        Behaviour::Stall { begin } => {
            read_request(stream)?;
            stream.write_all(begin.as_bytes())?;
            read_to_end(stream)
        }
        Behaviour::HangUp => Ok(()),
        Behaviour::Answer(answer) => {
            read_request(stream)?;
            stream.write_all(answer.as_bytes())
        }
        Behaviour::Endless { begin, repeated } => {
            read_request(stream)?;
            stream.write_all(begin.as_bytes())?;
            loop {
                stream.write_all(repeated.as_bytes())?;
            }
        }
        Behaviour::Drip { begin } => {
            read_request(stream)?;
            stream.write_all(begin.as_bytes())?;
            stream.set_read_timeout(Some(Duration::from_millis(20)))?;
            loop {
                stream.write_all(b"x")?;
                // Waits for the client to go away, until the time is up.
                if stream.read(&mut [0; 16]).is_ok_and(|count| count == 0) {
                    return Ok(());
                }
            }
        }
    }
}

/// Reads the head of a request, and the body that it announces: what is left unread when a connection closes, resets it.
pub(crate) fn read_request(stream: &mut TcpStream) -> std::io::Result<String> {
    let mut request = Vec::new();
    let mut buffer = [0; 1024];
    while !is_whole(&request) {
        let count = stream.read(&mut buffer)?;
        if count == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        request.extend_from_slice(&buffer[..count]);
    }
    Ok(String::from_utf8(request).unwrap())
}

fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request);
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let head = head.to_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:"));
    length.is_none_or(|length| length.trim().parse::<usize>().unwrap() <= body.len())
}

fn read_to_end(stream: &mut TcpStream) -> std::io::Result<()> {
    let mut buffer = [0; 1024];
    while stream.read(&mut buffer)? != 0 {}
    Ok(())
}
