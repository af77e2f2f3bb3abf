//! An authority on a loopback address, in a thread and a runtime of its own: says what a test wants, when it
//! wants it, and remembers who asked.

use std::collections::VecDeque;
use std::io;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{oneshot, watch};
use turnkeep_client::builder::TokenClientBuilder;
use turnkeep_client::token_client::TokenClient;

pub(crate) const SECRET: &str = "kanarienvogel-Q7";

/// What is said to one request.
#[derive(Clone)]
pub(crate) struct Answer {
    status: u16,
    headers: String,
    body: String,
}

impl Answer {
    pub(crate) fn new(status: u16, body: impl Into<String>) -> Self {
        Self { status, headers: String::new(), body: body.into() }
    }

    pub(crate) fn token(token: &str, lifetime: u64) -> Self {
        let body = format!(r#"{{"access_token":"{token}","token_type":"Bearer","expires_in":{lifetime}}}"#);
        Self::new(200, body)
    }

    pub(crate) fn error(status: u16, code: &str) -> Self {
        Self::new(status, format!(r#"{{"error":"{code}"}}"#))
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push_str(&format!("{name}: {value}\r\n"));
        self
    }
}

/// One request as it came.
#[derive(Clone)]
pub(crate) struct Request {
    /// `POST /connect/token`.
    pub(crate) line: String,
    /// Names in lower case.
    headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

#[derive(Default)]
struct Book {
    answers: Mutex<VecDeque<Answer>>,
    requests: Mutex<Vec<Request>>,
}

/// Runs until it is dropped. Answers in the order given, then with `token-1`, `token-2`, … of 900 s.
pub(crate) struct Authority {
    book: Arc<Book>,
    arrived: watch::Receiver<usize>,
    is_open: watch::Sender<bool>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
    url: String,
}

impl Authority {
    pub(crate) fn start(answers: impl IntoIterator<Item = Answer>) -> Self {
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        listener.set_nonblocking(true).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let book = Arc::new(Book { answers: Mutex::new(answers.into_iter().collect()), ..Book::default() });
        let (arrivals, arrived) = watch::channel(0);
        let (is_open, gate) = watch::channel(true);
        let (stop, stopped) = oneshot::channel();
        let desk = Desk { book: Arc::clone(&book), arrivals: Arc::new(arrivals), gate };
        let thread = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build().unwrap();
            runtime.block_on(async {
                let listener = TcpListener::from_std(listener).unwrap();
                tokio::select! {
                    () = desk.serve(listener) => (),
                    _ = stopped => (),
                }
            });
        });
        Self { book, arrived, is_open, stop: Some(stop), thread: Some(thread), url }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) fn builder(&self) -> TokenClientBuilder {
        TokenClient::builder(&self.url, "com.vendor/app", SECRET)
    }

    pub(crate) fn client(&self) -> TokenClient {
        self.builder().build().unwrap()
    }

    pub(crate) fn will_say(&self, answers: impl IntoIterator<Item = Answer>) {
        self.book.answers.lock().unwrap().extend(answers);
    }

    /// Requests still arrive, but are not answered.
    pub(crate) fn hold(&self) {
        self.is_open.send_replace(false);
    }

    pub(crate) fn release(&self) {
        self.is_open.send_replace(true);
    }

    /// Waits until so many requests have come.
    pub(crate) async fn arrived(&self, count: usize) {
        self.arrived.clone().wait_for(|arrived| count <= *arrived).await.unwrap();
    }

    pub(crate) fn requests(&self) -> Vec<Request> {
        self.book.requests.lock().unwrap().clone()
    }

    pub(crate) fn count(&self) -> usize {
        self.requests().len()
    }
}

impl Drop for Authority {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

#[derive(Clone)]
struct Desk {
    book: Arc<Book>,
    arrivals: Arc<watch::Sender<usize>>,
    gate: watch::Receiver<bool>,
}

impl Desk {
    async fn serve(self, listener: TcpListener) {
        while let Ok((stream, _)) = listener.accept().await {
            let desk = self.clone();
            tokio::spawn(async move {
                // The client goes away when it has had enough.
                let _ = desk.converse(stream).await;
            });
        }
    }

    async fn converse(mut self, stream: TcpStream) -> io::Result<()> {
        let mut stream = BufReader::new(stream);
        while let Some(request) = read(&mut stream).await? {
            let number = {
                let mut requests = self.book.requests.lock().unwrap();
                requests.push(request);
                requests.len()
            };
            self.arrivals.send_modify(|arrived| *arrived += 1);
            if self.gate.wait_for(|is_open| *is_open).await.is_err() {
                break;
            }
            let planned = self.book.answers.lock().unwrap().pop_front();
            let Answer { status, headers, body } =
                planned.unwrap_or_else(|| Answer::token(&format!("token-{number}"), 900));
            let length = body.len();
            let answer = format!("HTTP/1.1 {status} X\r\nContent-Length: {length}\r\n{headers}\r\n{body}");
            stream.write_all(answer.as_bytes()).await?;
        }
        Ok(())
    }
}

/// `None` at the end of the connection.
async fn read(stream: &mut BufReader<TcpStream>) -> io::Result<Option<Request>> {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(None);
        }
        match line.trim_end() {
            "" => break,
            line => lines.push(line.to_owned()),
        }
    }
    let line = lines.remove(0).trim_end_matches(" HTTP/1.1").to_owned();
    let split = |line: &String| line.split_once(':').map(|(n, v)| (n.to_lowercase(), v.trim().to_owned()));
    let mut request =
        Request { line, headers: lines.iter().filter_map(split).collect(), body: String::new() };
    let length = request.header("content-length").map_or(0, |length| length.parse().unwrap());
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await?;
    request.body = String::from_utf8(body).unwrap();
    Ok(Some(request))
}
