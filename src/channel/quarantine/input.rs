//! Inputs on their way into quarantine, and out of it to their channels again.

use std::sync::Arc;

use super::{Entry, NewEntry, Quarantine, Raw, RawKind, Redeliver, Redelivery};
use crate::channel::input::{Delivery, Document, Input, Line, Response, Webhook};
use crate::channel::registry::Registry;
use crate::channel::reply::{Answer, Refusal};
use crate::channel::{BoxFuture, Rejected, RejectedSink};

/// Why a document of several parts is not retried.
const BEGINNING_ONLY: &str =
    "of this document only the beginning was kept: put it into its folder or mailbox once more";

impl RejectedSink for Quarantine {
    fn put(&self, rejected: Rejected) -> BoxFuture<Result<(), String>> {
        let quarantine = self.clone();
        let Rejected { channel, plugin, class, reason, input, received_ms } = rejected;
        let entry = NewEntry { channel, plugin, received_ms, class, reason, raw: raw(input) };
        Box::pin(
            async move { quarantine.put(entry).await.map(drop).map_err(|error| error.to_string()) },
        )
    }
}

impl Redeliver for Arc<Registry> {
    async fn redeliver(&self, entry: Entry) -> Redelivery {
        let failed = |class, reason: String| Redelivery::Failed { class, reason };
        if entry.raw.as_ref().is_some_and(|raw| raw.kind == RawKind::Document && raw.is_cut) {
            return failed(entry.class, String::from(BEGINNING_ONLY));
        }
        let Some(input) = entry.raw.and_then(input) else {
            return failed(entry.class, String::from("its bytes were not kept"));
        };
        let Some(mailbox) = self.mailbox(&entry.channel) else {
            return failed(entry.class, format!("there is no channel `{}`", entry.channel));
        };
        let (answer, awaited) = Answer::pair();
        let delivery = Delivery {
            answer: Some(answer),
            is_retry: true,
            ..Delivery::new(input, entry.received_ms)
        };
        let outcome = match mailbox.push(delivery).await {
            Ok(()) => awaited.outcome().await,
            Err(refusal) => Err(refusal),
        };
        match outcome {
            Ok(taken) => Redelivery::Decoded { events: taken.events as u64 },
            Err(Refusal::Undecodable { class, reason }) => failed(class, reason),
            Err(refusal) => failed(entry.class, refusal.to_string()),
        }
    }
}

fn raw(input: Input) -> Raw {
    match input {
        Input::Webhook(Webhook { method, query, headers, body }) => Raw {
            kind: RawKind::Webhook,
            method: method.as_str().to_owned(),
            query,
            headers,
            body: body.into(),
            ..Raw::default()
        },
        Input::Response(Response { status, headers, body, tag }) => Raw {
            kind: RawKind::Response,
            headers,
            status,
            tag,
            body: body.into(),
            ..Raw::default()
        },
        Input::Line(Line { file, offset, bytes }) => Raw {
            kind: RawKind::Line,
            file: file.to_string(),
            offset,
            body: bytes.into(),
            ..Raw::default()
        },
        Input::Document(Document { name, media_type, received_ms, offset, is_last, bytes }) => {
            Raw {
                kind: RawKind::Document,
                file: name.to_string(),
                media_type: media_type.to_string(),
                document_ms: received_ms,
                offset,
                is_cut: offset > 0 || !is_last,
                body: bytes.into(),
                ..Raw::default()
            }
        }
        Input::Timer(tag) => Raw { kind: RawKind::Timer, tag, ..Raw::default() },
        Input::Frame(frame) => Raw { body: frame.content.bytes().into(), ..Raw::default() },
        Input::Connected(_) | Input::Disconnected(_) => Raw::default(),
    }
}

/// None when there is nothing to decode: the reason only was kept.
fn input(raw: Raw) -> Option<Input> {
    let Raw {
        kind,
        method,
        query,
        headers,
        status,
        tag,
        file,
        offset,
        media_type,
        document_ms,
        body,
        ..
    } = raw;
    match kind {
        RawKind::Timer => Some(Input::Timer(tag)),
        _ if body.is_empty() && kind != RawKind::Document => None,
        RawKind::Webhook => {
            let method = method.parse().unwrap_or_default();
            Some(Input::Webhook(Webhook { method, query, headers, body: body.into() }))
        }
        RawKind::Response => {
            Some(Input::Response(Response { status, headers, body: body.into(), tag }))
        }
        RawKind::Line => Some(Input::Line(Line { file: file.into(), offset, bytes: body.into() })),
        RawKind::Document => Some(Input::Document(Document {
            name: file.into(),
            media_type: media_type.into(),
            received_ms: document_ms,
            offset,
            is_last: true,
            bytes: body.into(),
        })),
        RawKind::Other => None,
    }
}
