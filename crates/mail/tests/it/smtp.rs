//! What is handed over to a mail server.

use std::net::TcpListener;
use std::time::Duration;

use turnkeep_mail::deliver::{Deliver, DeliveryError};
use turnkeep_mail::smtp::Smtp;
use turnkeep_mail::smtp_settings::SmtpSettings;
use turnkeep_secret::plaintext::PlaintextSecret;

use crate::mail_server::{MailServer, Manners};
use crate::messages::{message, sender};

fn smtp(url: String, timeout: Duration) -> Smtp {
    Smtp::new(&SmtpSettings { url: PlaintextSecret::new(url), from: sender(), timeout }).unwrap()
}

fn plain(server: &MailServer) -> Smtp {
    smtp(format!("smtp://127.0.0.1:{}?tls=none", server.port), SmtpSettings::TIMEOUT)
}

#[test]
fn a_server_gets_the_message_as_it_is() {
    let server = MailServer::start(Manners::GOOD);
    plain(&server)
        .deliver(&message("Hello", "first\n.\n..second\nhttps://id.example.com/?token=a\n"))
        .unwrap();
    let heard = server.heard();
    for line in [
        "EHLO id.example.com",
        "MAIL FROM:<no-reply@id.example.com>",
        "RCPT TO:<ada@example.com>",
        "Subject: Hello",
        "first",
        "..",
        "...second",
        "https://id.example.com/?token=a",
    ] {
        assert!(heard.iter().any(|heard| heard == line), "{line} is not in {heard:#?}");
    }
}

#[test]
fn a_text_that_is_not_ascii_is_encoded_for_every_server() {
    let server = MailServer::start(Manners::GOOD);
    plain(&server).deliver(&message("Grüße", "Many greetings: Grüße\n")).unwrap();
    let heard = server.heard();
    assert!(heard.iter().all(|line| line.is_ascii()));
    assert!(heard.iter().any(|line| line == "Many greetings: Gr=C3=BC=C3=9Fe"), "{heard:#?}");
}

#[test]
fn a_link_stays_in_one_piece_as_long_as_any_server_takes_it() {
    for (length, is_whole) in [(998, true), (999, false)] {
        let server = MailServer::start(Manners::GOOD);
        let link = format!("https://{}", "a".repeat(length - 8));
        plain(&server).deliver(&message("Hello", &format!("{link}\n"))).unwrap();
        assert_eq!(server.heard().contains(&link), is_whole, "{length}");
    }
}

#[test]
fn a_server_that_wants_a_password_gets_it() {
    let manners = Manners { extensions: "250 AUTH PLAIN", ..Manners::GOOD };
    let server = MailServer::start(manners);
    let url = format!("smtp://user:pass%20word@127.0.0.1:{}?tls=none", server.port);
    smtp(url, SmtpSettings::TIMEOUT).deliver(&message("Hello", "text")).unwrap();
    let expected = data_encoding::BASE64.encode(b"\0user\0pass word");
    assert!(server.heard().contains(&format!("AUTH PLAIN {expected}")));
}

#[test]
fn a_refusal_is_told_from_a_delay_and_in_numbers_only() {
    for (answer, error, is_transient) in [
        ("550 ada@example.com is unknown", DeliveryError::Refused(550), false),
        ("451 ada@example.com later", DeliveryError::PutOff(451), true),
    ] {
        let server = MailServer::start(Manners { to_recipient: answer, ..Manners::GOOD });
        let outcome = plain(&server).deliver(&message("Hello", "canary"));
        assert_eq!(outcome, Err(error));
        assert_eq!(error.is_transient(), is_transient);
        assert!(!format!("{error} {error:?}").contains("ada"));
        assert!(!server.heard().iter().any(|line| line.contains("canary")));
    }
}

#[test]
fn nothing_is_sent_in_the_clear_where_encryption_is_required() {
    for query in ["", "?tls=required"] {
        let server = MailServer::start(Manners { extensions: "250 AUTH PLAIN", ..Manners::GOOD });
        let url = format!("smtp://user:canary@127.0.0.1:{}{query}", server.port);
        assert!(smtp(url, SmtpSettings::TIMEOUT).deliver(&message("Hello", "canary")).is_err());
        let heard = server.heard();
        assert!(heard.iter().all(|line| line.starts_with("EHLO") || line == "QUIT"), "{heard:?}");
    }
}

#[test]
fn nothing_is_sent_in_the_clear_once_encryption_was_begun() {
    for tls in ["required", "opportunistic"] {
        let server = MailServer::start(Manners { extensions: "250-server\r\n250 STARTTLS", ..Manners::GOOD });
        let url = format!("smtp://user:canary@127.0.0.1:{}?tls={tls}", server.port);
        assert!(smtp(url, SmtpSettings::TIMEOUT).deliver(&message("Hello", "canary")).is_err());
        assert_eq!(server.heard(), ["EHLO id.example.com", "STARTTLS"], "{tls}");
    }
}

#[test]
fn a_server_that_is_not_there_or_says_nothing_is_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let url = format!("smtp://127.0.0.1:{port}?tls=none");
    let silent = smtp(url, Duration::from_millis(1)).deliver(&message("Hello", "text"));
    assert_eq!(silent, Err(DeliveryError::Timeout));
    // Nobody listens at a port that is reserved for a protocol of 1988.
    let gone = smtp("smtp://127.0.0.1:1?tls=none".to_owned(), SmtpSettings::TIMEOUT)
        .deliver(&message("Hello", "text"));
    assert_eq!(gone, Err(DeliveryError::Unreachable));
}

#[test]
fn a_transport_does_not_print_its_password() {
    let smtp = smtp("smtps://user:canary@mail.example.com".to_owned(), SmtpSettings::TIMEOUT);
    assert_eq!(format!("{smtp:?}"), "Smtp { place: \"mail.example.com:465\", .. }");
}
