//! Many requests at the same moment, to several servers on the same database.

use std::rc::Rc;

use actix_web::rt::spawn;
use serde_json::Value;

use crate::world::World;
use crate::world::answer::Answer;

/// How many servers share the work.
const NODES: usize = 4;

/// A call of the management API.
pub(crate) struct Call {
    pub(crate) method: &'static str,
    pub(crate) path: String,
    pub(crate) body: Option<Value>,
    pub(crate) header: Option<(&'static str, String)>,
}

impl Call {
    /// Without more headers than every call has.
    pub(crate) fn new(method: &'static str, path: impl Into<String>, body: Option<Value>) -> Self {
        Self { method, path: path.into(), body, header: None }
    }

    /// With a header.
    pub(crate) fn with(self, name: &'static str, value: impl Into<String>) -> Self {
        Self { header: Some((name, value.into())), ..self }
    }
}

/// Lets the operator make all calls at once; the answers, in the order of the calls.
pub(crate) async fn at_once(world: &World, calls: Vec<Call>) -> Vec<Answer> {
    let token = world.token(&world.operator).await;
    let nodes: Vec<_> = (0..NODES).map(|_| Rc::new(world.node())).collect();
    let mut running = Vec::new();
    for (call, node) in calls.into_iter().zip(nodes.iter().cycle()) {
        let (node, token) = (Rc::clone(node), token.clone());
        running.push(spawn(async move {
            node.call_with(&token, call.method, &call.path, call.body, call.header).await
        }));
    }
    let mut answers = Vec::new();
    for call in running {
        answers.push(call.await.unwrap());
    }
    answers
}

/// How many answers have the status; all others have the other status and code.
#[track_caller]
pub(crate) fn winners(answers: &[Answer], won: u16, lost: u16, code: &str) -> usize {
    let (winners, losers): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == won);
    for loser in losers {
        assert_eq!(loser.problem(), (lost, code.to_owned()), "{}", loser.text());
    }
    winners.len()
}
