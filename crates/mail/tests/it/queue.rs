//! The queue and its thread.

use std::io;
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tracing_subscriber::fmt::MakeWriter;
use turnkeep_mail::deliver::{Deliver, DeliveryError};
use turnkeep_mail::message::MailMessage;
use turnkeep_mail::queue::{MailCounts, MailQueue, QueueSettings};

use crate::messages::message;

const FOREVER: Duration = Duration::from_secs(3600);

/// Says what it is asked to deliver, and does what it is told then.
struct Told {
    asked: Sender<String>,
    answers: Mutex<Receiver<Result<(), DeliveryError>>>,
}

impl Deliver for Told {
    fn deliver(&self, message: &MailMessage) -> Result<(), DeliveryError> {
        self.asked.send(message.subject().to_owned()).unwrap();
        self.answers.lock().unwrap().recv().unwrap_or(Err(DeliveryError::Unwritable))
    }
}

fn told() -> (Box<Told>, Receiver<String>, Sender<Result<(), DeliveryError>>) {
    let ((asked, was_asked), (answer, answers)) = (mpsc::channel(), mpsc::channel());
    (Box::new(Told { asked, answers: Mutex::new(answers) }), was_asked, answer)
}

fn settings(capacity: usize, pause: Duration) -> QueueSettings {
    QueueSettings { capacity, backoff: [pause; 2], drain: FOREVER }
}

#[test]
fn messages_are_delivered_in_turn() {
    let (deliver, asked, answer) = told();
    let (queue, thread) = MailQueue::start(deliver, settings(8, Duration::ZERO)).unwrap();
    for subject in ["one", "two", "three"] {
        answer.send(Ok(())).unwrap();
        assert!(queue.send(message(subject, "text")));
    }
    drop(thread);
    assert_eq!(asked.iter().collect::<Vec<_>>(), ["one", "two", "three"]);
    assert_eq!(queue.counts(), MailCounts { sent: 3, ..MailCounts::default() });
}

#[test]
fn a_full_queue_takes_no_more_and_makes_nobody_wait() {
    let (deliver, asked, answer) = told();
    let (queue, thread) = MailQueue::start(deliver, settings(2, Duration::ZERO)).unwrap();
    assert!(queue.send(message("in delivery", "text")));
    assert_eq!(asked.recv().unwrap(), "in delivery");
    assert!(queue.send(message("first", "text")) && queue.send(message("second", "text")));
    assert!(!queue.send(message("third", "text")));
    assert_eq!(queue.counts(), MailCounts { waiting: 3, dropped: 1, ..MailCounts::default() });
    (0..3).for_each(|_| answer.send(Ok(())).unwrap());
    drop(thread);
    assert_eq!(queue.counts(), MailCounts { sent: 3, dropped: 1, ..MailCounts::default() });
}

#[test]
fn what_may_pass_is_tried_three_times_and_what_does_not_once() {
    let later = Err(DeliveryError::Unreachable);
    for (answers, counts) in [
        (vec![later, later, Ok(())], MailCounts { sent: 1, ..MailCounts::default() }),
        (vec![later, later, later], MailCounts { failed: 1, ..MailCounts::default() }),
        (vec![Err(DeliveryError::Refused(550))], MailCounts { failed: 1, ..MailCounts::default() }),
        (vec![Err(DeliveryError::Full)], MailCounts { failed: 1, ..MailCounts::default() }),
    ] {
        let (deliver, asked, answer) = told();
        let (queue, thread) = MailQueue::start(deliver, settings(8, Duration::ZERO)).unwrap();
        assert!(queue.send(message("Hello", "text")));
        for one in &answers {
            asked.recv().unwrap();
            answer.send(*one).unwrap();
        }
        drop(thread);
        assert_eq!(asked.iter().count(), 0, "not more often than told: {answers:?}");
        assert_eq!(queue.counts(), counts, "{answers:?}");
    }
}

#[test]
fn a_thread_that_is_dropped_delivers_what_waits_without_further_tries() {
    let (deliver, asked, answer) = told();
    let (queue, thread) = MailQueue::start(deliver, settings(8, FOREVER)).unwrap();
    for subject in ["one", "two"] {
        assert!(queue.send(message(subject, "text")));
    }
    // The pause of an hour after this is cut short.
    answer.send(Err(DeliveryError::Timeout)).unwrap();
    answer.send(Ok(())).unwrap();
    drop(thread);
    assert_eq!(asked.iter().collect::<Vec<_>>(), ["one", "two"]);
    assert_eq!(queue.counts(), MailCounts { sent: 1, failed: 1, ..MailCounts::default() });
    assert!(!queue.send(message("three", "text")));
    assert_eq!(queue.counts().dropped, 1);
}

#[test]
fn a_thread_that_is_dropped_gives_up_in_the_end() {
    let (deliver, asked, answer) = told();
    let (queue, thread) =
        MailQueue::start(deliver, QueueSettings { drain: Duration::ZERO, ..settings(8, FOREVER) }).unwrap();
    for subject in ["one", "two", "three"] {
        assert!(queue.send(message(subject, "text")));
    }
    assert_eq!(asked.recv().unwrap(), "one");
    drop(thread);
    assert_eq!(queue.counts(), MailCounts { waiting: 1, dropped: 2, ..MailCounts::default() });
    answer.send(Ok(())).unwrap();
    assert!(asked.recv().is_err(), "the thread ends after the message that it was at");
    assert_eq!(queue.counts(), MailCounts { sent: 1, dropped: 2, ..MailCounts::default() });
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[test]
fn failures_are_logged_without_what_was_said_and_to_whom() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_ansi(false)
        .with_writer(log.clone())
        .with_max_level(tracing::Level::TRACE);
    // The thread logs to the subscriber of the process; no other test listens.
    tracing::subscriber::set_global_default(subscriber.finish()).unwrap();
    let (deliver, asked, answer) = told();
    let (queue, thread) = MailQueue::start(deliver, settings(1, Duration::ZERO)).unwrap();
    assert!(queue.send(message("canary-subject", "canary-text")));
    asked.recv().unwrap();
    assert!(queue.send(message("canary-subject", "canary-text")));
    assert!(!queue.send(message("canary-subject", "canary-text")));
    for answered in [Err(DeliveryError::PutOff(451)), Err(DeliveryError::Refused(550))] {
        answer.send(answered).unwrap();
        asked.recv().unwrap();
    }
    answer.send(Ok(())).unwrap();
    drop(thread);
    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    for line in [
        "a mail is dropped, as too many are waiting",
        "a mail could not be delivered yet error=the mail server put the message off with 451",
        "a mail could not be delivered error=the mail server refused the message with 550",
    ] {
        assert!(text.contains(line), "{line} is not in {text}");
    }
    assert!(!text.contains("canary") && !text.contains("ada@"), "{text}");
}
