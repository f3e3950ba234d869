//! What the actor owes to a document that comes in parts, when its plugin's instance is lost between two.

use bytes::Bytes;
use tablica::channel::input::{Content, Document, Input};

use super::house::{House, channel};

fn part(offset: u64, is_last: bool) -> Content {
    Content::Input(Input::Document(Document {
        name: "mail".into(),
        media_type: "message/rfc822".into(),
        received_ms: None,
        offset,
        is_last,
        bytes: Bytes::from_static(b"four"),
    }))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_instance_that_lacks_the_beginning_of_a_document_gets_the_whole_again() {
    let house = House::build(vec![channel("shop", "counting")]).unwrap();
    let resume = || house.registry.mailbox("shop").unwrap().resume();
    let before = resume();
    let first = house.push_content("shop", part(0, false), &before, 1).await.unwrap();
    assert!(first.outcome().await.is_ok());

    // Something else costs the instance.
    assert!(house.deliver("shop", "x").await.is_ok(), "it is set aside");
    assert!(house.status("shop").instances_lost > 0);
    let second = house.push_content("shop", part(4, true), &before, 2).await.unwrap();
    assert!(second.outcome().await.is_err(), "the new instance lacks what came before");
    assert_eq!(house.quarantined().len(), 1, "it is no fault of the document");

    let now = resume();
    assert!(now.round > before.round);
    for (offset, is_last, position) in [(0, false, 3), (4, true, 4)] {
        let taken = house.push_content("shop", part(offset, is_last), &now, position).await;
        assert!(taken.unwrap().outcome().await.is_ok());
    }
    assert_eq!(house.disk.cursor("shop", "source"), Some(vec![4]));
}
