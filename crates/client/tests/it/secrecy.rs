//! Neither the secret nor a token shows up in anything that is printed or logged.

use std::error::Error;
use std::io;
use std::sync::{Arc, Mutex};

use reqwest::ClientBuilder;
use turnkeep_client::builder::Authentication;

use crate::authority::{Answer, Authority, SECRET};
use crate::clock;

const TOKEN: &str = "zaunkoenig-X3";

/// The secret as it is, as it is in the header, and the token.
const CANARIES: [&str; 3] = [SECRET, "Y29tLnZlbmRvciUyRmFwcDprYW5hcmllbnZvZ2VsLVE3", TOKEN];

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn assert_silent(text: &str) {
    for canary in CANARIES {
        assert!(!text.contains(canary), "{canary} is in {text}");
    }
}

/// Everything that an error says, down to its last source.
fn printed(error: &(dyn Error + 'static)) -> String {
    let chain = std::iter::successors(Some(error), |error| (*error).source());
    chain.map(|error| format!("{error} {error:?} ")).collect()
}

#[tokio::test]
async fn nothing_is_printed_or_logged() {
    let log = Log::default();
    let writer = log.clone();
    // Of the whole process: the HTTP client logs from tasks of its own.
    tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
        .with_writer(move || writer.clone())
        .init();
    for authentication in [Authentication::Basic, Authentication::Post] {
        let echo = format!(r#"{{"error":"{SECRET}","error_description":"{SECRET}"}}"#);
        let authority = Authority::start([
            Answer::token(TOKEN, 900),
            Answer::new(400, echo),
            Answer::new(500, SECRET),
            Answer::new(302, "").with("Location", &format!("http://127.0.0.1/{SECRET}")),
            Answer::new(200, format!(r#"{{"access_token":"{TOKEN}","token_type":"{SECRET}"}}"#)),
        ]);
        let builder = authority.builder().authentication(authentication);
        let builder = builder.http(ClientBuilder::new().connection_verbose(true));
        assert_silent(&format!("{builder:?}"));
        let client = builder.build().unwrap();
        let token = client.token().await.unwrap();
        assert_silent(&format!("{client:?} {token:?} {:?}", token.header()));
        for _ in 0..4 {
            clock::pass(1_000).await;
            assert_silent(&printed(&client.token().await.unwrap_err()));
        }
        assert_eq!(authority.count(), 5);
        drop(authority);
        clock::pass(1_000).await;
        assert_silent(&printed(&client.token().await.unwrap_err()));
    }
    let logged = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(logged.contains("starting new connection"), "{logged}");
    assert_silent(&logged);
}
