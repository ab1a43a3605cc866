//! Two nodes on one database.

use std::time::Duration;

use model::live::Passing;
use model::{Availability, UserId};
use tokio_util::sync::CancellationToken;

use super::{Heard, Hub, PassingTo, Topic, notify, tail};
use crate::event::Event;
use crate::testing::{app, installed};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_hears_of_what_another_did() {
    let Some(test) = db::testing::postgres().await.unwrap() else { return };
    let (here, there) = (app(&test), app(&test));
    let admin = installed(&here).await;
    let account = admin.agent().unwrap().account_id;
    let stop = CancellationToken::new();
    let mut tasks = Vec::new();
    for node in [&here, &there] {
        tail::start(node).await.unwrap();
        tasks.push(tokio::spawn(tail::follow(node.clone(), stop.clone())));
        tasks.push(tokio::spawn(notify::follow(node.clone(), stop.clone())));
    }
    let (mut heard, _) = Hub::subscribe(&there, account, Topic::Account(account));
    let mut work = admin.begin().await.unwrap();
    work.record(account, Event::LabelsChanged);
    work.commit().await.unwrap();
    let Some(Heard::Event(event)) = heard.next().await else { panic!("the event") };
    assert_eq!(event.0.event, Event::LabelsChanged);

    // What is not recorded arrives once the nodes have found each other: it is said until it is heard.
    let passing = PassingTo {
        passing: Passing::AgentPresence { user_id: UserId(7), availability: Availability::Busy },
        reach: None,
        visitors: Vec::new(),
        by: None,
    };
    let said = async {
        let mut again = tokio::time::interval(Duration::from_millis(20));
        loop {
            again.tick().await;
            here.hub.pass(account, passing.clone());
        }
    };
    let listened = async {
        loop {
            if let Some(Heard::Passing(passing)) = heard.next().await {
                return passing;
            }
        }
    };
    let passing = tokio::select! { passing = listened => passing, () = said => unreachable!("never ends") };
    assert!(matches!(passing.passing, Passing::AgentPresence { user_id: UserId(7), .. }));
    stop.cancel();
    for task in tasks {
        task.await.unwrap();
    }
}
