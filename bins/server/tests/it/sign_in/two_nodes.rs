//! Two nodes on one database of PostgreSQL: what was made at one counts at the other, once, and is dead at both.

use std::sync::Barrier;
use std::thread;

use serde_json::json;
use turnkeep_testkit::postgres::{PostgresCluster, TestDatabase};

use super::estate::Estate;
use super::relying_party::{RelyingParty, member, refusal};
use crate::process::{Server, turnkeep};
use crate::wire::Answer;

/// A demo and a second node of it.
struct Nodes {
    estate: Estate,
    other: Server,
    _database: TestDatabase,
}

impl Nodes {
    fn start() -> Self {
        let database = PostgresCluster::shared().unwrap().new_database().unwrap();
        let estate = Estate::on(database.url());
        // Both nodes are one issuer to browsers and apps.
        let mut command = turnkeep(&["serve", "--listen", "127.0.0.1:0", "--database", database.url()]);
        command.args(["--base-url", estate.address()]).arg("--data").arg(estate.path("other"));
        command.arg("--master-key-file").arg(estate.path("data/master.key"));
        let other = Server::start(&mut command);
        Self { estate, other, _database: database }
    }

    /// Asks both nodes at the same moment; the one answer with tokens.
    fn race(&self, app: &RelyingParty, ask: impl Fn(&RelyingParty) -> Answer + Sync) -> Answer {
        let apps = [app.at(self.estate.address()), app.at(&self.other.address)];
        let (together, ask) = (Barrier::new(apps.len()), &ask);
        let answers: Vec<Answer> = thread::scope(|scope| {
            let start = |app| {
                let together = &together;
                scope.spawn(move || {
                    together.wait();
                    ask(app)
                })
            };
            let racers: Vec<_> = apps.iter().map(start).collect();
            racers.into_iter().map(|racer| racer.join().unwrap()).collect()
        });
        let (won, lost): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 200);
        assert_eq!((won.len(), lost.len()), (1, 1), "{won:?} {lost:?}");
        for answer in lost {
            assert_eq!(refusal(&answer), (400, "invalid_grant".to_owned()));
        }
        won.into_iter().next().unwrap()
    }

    /// Nothing that was issued in a race counts anywhere, since somebody has tried it twice (RFC 9700 §4.14.2).
    fn is_dead_everywhere(&self, app: &RelyingParty, tokens: &Answer) {
        for app in [app.at(self.estate.address()), app.at(&self.other.address)] {
            let (access, refresh) = (member(tokens, "access_token"), member(tokens, "refresh_token"));
            assert_eq!(app.introspect(&access), json!({"active": false}));
            assert_eq!(app.userinfo(&access).status, 401);
            assert_eq!(refusal(&app.refresh(&refresh)), (400, "invalid_grant".to_owned()));
        }
    }
}

#[test]
fn of_two_redemptions_at_two_nodes_one_wins_and_its_tokens_die_with_the_other() {
    let nodes = Nodes::start();
    let app = nodes.estate.portal(&json!({}));
    let ada = nodes.estate.person("internal", "ada");
    let browser = nodes.estate.browser();
    ada.sign_in(&browser);
    for _ in 0..3 {
        let code = app.sign_in(&browser, &ada, "openid read offline_access").code();
        let tokens = nodes.race(&app, |app| app.redeem(&code));
        nodes.is_dead_everywhere(&app, &tokens);

        let code = app.sign_in(&browser, &ada, "openid read offline_access").code();
        let refresh = member(&app.at(&nodes.other.address).redeem(&code), "refresh_token");
        let tokens = nodes.race(&app, |app| app.refresh(&refresh));
        nodes.is_dead_everywhere(&app, &tokens);
    }
}

#[test]
fn a_session_of_one_node_counts_at_the_other_until_it_ends_at_either() {
    let nodes = Nodes::start();
    let app = nodes.estate.portal(&json!({}));
    let ada = nodes.estate.person("internal", "ada");
    let (here, there) = (nodes.estate.address(), nodes.other.address.as_str());
    for (begun, ended) in [(here, there), (there, here)] {
        let browser = nodes.estate.browser().at(begun);
        ada.sign_in(&browser);
        // The app comes to one node and its browser to the other, as a balancer sends them.
        let code = app.sign_in(&browser.at(ended), &ada, "openid read").code();
        let tokens = app.at(begun).redeem(&code);
        let access = member(&tokens, "access_token");
        assert_eq!(app.at(ended).userinfo(&access).status, 200);

        let elsewhere = browser.at(ended);
        let account = elsewhere.get("/account");
        assert_eq!(account.status, 200, "{account:?}");
        assert_eq!(elsewhere.submit(&account, "sign-out-form", &[]).status, 303);
        for node in [here, there] {
            let page = browser.at(node).get("/account");
            assert_eq!(page.status, 303, "{page:?}");
            assert_eq!(app.at(node).userinfo(&access).status, 401);
            let asked = app.at(node).ask(&browser.at(node), "openid read");
            let location = asked.location.unwrap_or_default();
            assert!(location.starts_with("/account/sign-in?interaction="), "{location}");
        }
    }
}

#[test]
fn what_is_stopped_at_one_node_is_stopped_at_the_other() {
    let nodes = Nodes::start();
    let app = nodes.estate.portal(&json!({}));
    let (ada, there) = (nodes.estate.person("internal", "ada"), nodes.other.address.as_str());
    let far = app.at(there);
    for (stop, start) in [
        (format!("/apps/{}/disable", app.id), format!("/apps/{}/enable", app.id)),
        (format!("/users/{}/disable", ada.id), format!("/users/{}/enable", ada.id)),
    ] {
        let browser = nodes.estate.browser().at(there);
        let tokens = far.redeem(&far.sign_in(&browser, &ada, "openid read offline_access").code());
        let (access, refresh) = (member(&tokens, "access_token"), member(&tokens, "refresh_token"));
        let code = far.sign_in(&browser, &ada, "openid read").code();
        assert_eq!(nodes.estate.management().act(&stop).status, 200);
        assert_eq!(far.userinfo(&access).status, 401, "{stop}");
        assert_eq!(far.forward_auth(&access), 401, "{stop}");
        let stopped = [far.redeem(&code), far.refresh(&refresh)].map(|answer| answer.status);
        assert!(stopped.iter().all(|status| matches!(status, 400 | 401)), "{stop}: {stopped:?}");
        assert_eq!(nodes.estate.management().act(&start).status, 200);
        assert_eq!(far.introspect(&access), json!({"active": false}), "{start}");
        for answer in [far.redeem(&code), far.refresh(&refresh)] {
            assert_eq!(refusal(&answer), (400, "invalid_grant".to_owned()), "{start}");
        }
    }
}
