//! Answers to the question of consent, each of which counts once (attack 26).

use std::sync::Barrier;
use std::thread;

use turnkeep_policy::authorization_denial::AuthorizationDenial;
use turnkeep_policy::authorization_facts::{ConsentAnswer, GivenConsent};
use turnkeep_service::authorization::authorize::{AuthorizeCommand, AuthorizeDenial, NextStep, authorize};
use turnkeep_service::authorization::consent_question::ConsentReply;
use turnkeep_service::authorization::revoke_consent::revoke_consent;
use turnkeep_service::failure::Failure;
use turnkeep_testkit::fixtures::scopes;

use super::sample::{Sample, code};
use crate::world::denial;

const THREADS: usize = 8;

fn yes(sample: &Sample) -> ConsentAnswer {
    ConsentAnswer::Given(GivenConsent { user_id: sample.user.id, scopes: scopes(sample.scopes) })
}

fn answer(
    sample: &Sample,
    question: &str,
    answer: ConsentAnswer,
) -> Result<NextStep, Failure<AuthorizeDenial>> {
    let reply = Some(ConsentReply::new(question, answer));
    let command = AuthorizeCommand { reply, ..sample.command() };
    authorize(&sample.world.authority, &command).map(|authorized| authorized.next)
}

#[test]
fn attack_26_of_many_answers_at_once_one_counts() {
    let sample = Sample::new();
    let together = Barrier::new(THREADS);
    let ended: Vec<_> = thread::scope(|scope| {
        let work = || {
            together.wait();
            answer(&sample, "the question", yes(&sample))
        };
        let workers: Vec<_> = (0..THREADS).map(|_| scope.spawn(work)).collect();
        workers.into_iter().map(|worker| worker.join().unwrap()).collect()
    });
    let (won, lost): (Vec<_>, Vec<_>) = ended.into_iter().partition(Result::is_ok);
    let codes: Vec<String> = won.into_iter().map(|next| code(next.unwrap())).collect();
    assert_eq!(codes.len(), 1);
    assert!(lost.into_iter().all(|refused| denial(refused) == AuthorizeDenial::AnswerUsed));
    assert_eq!(sample.world.events("consent.give").len(), 1);
}

#[test]
fn an_answer_stands_for_its_question_whatever_it_says() {
    let sample = Sample::new();
    let refused = answer(&sample, "first", ConsentAnswer::Denied).unwrap();
    assert!(matches!(refused, NextStep::Refuse(AuthorizationDenial::ConsentDenied)), "{refused:?}");
    for second in [yes(&sample), ConsentAnswer::Denied] {
        assert_eq!(denial(answer(&sample, "first", second)), AuthorizeDenial::AnswerUsed);
    }
    code(answer(&sample, "second", yes(&sample)).unwrap());
    revoke_consent(&sample.world.authority, &sample.user, sample.app.id, None).unwrap();
    for third in [yes(&sample), ConsentAnswer::Denied] {
        assert_eq!(denial(answer(&sample, "second", third)), AuthorizeDenial::AnswerUsed);
    }
    assert!(matches!(sample.ask().unwrap(), NextStep::Ask(_)), "nothing came back");
    assert_eq!(sample.world.events("consent.give").len(), 1);
}
