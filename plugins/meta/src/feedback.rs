//! Ratings that customers give inside Messenger: the feedback template, and thumbs under an answer.

use std::collections::BTreeMap;

use serde::Deserialize;
use tablica_plugin::{Event, Id};

use crate::common::rated;
use crate::messaging::Thread;

#[derive(Deserialize)]
pub(crate) struct Feedback {
    #[serde(default)]
    feedback_screens: Vec<Screen>,
}

#[derive(Deserialize)]
struct Screen {
    #[serde(default)]
    screen_id: Id,
    #[serde(default)]
    questions: BTreeMap<String, Question>,
}

/// What was asked and how it was answered. What the customer adds in words is not read.
#[derive(Deserialize)]
struct Question {
    #[serde(rename = "type")]
    kind: Option<String>,
    payload: Option<Id>,
}

#[derive(Deserialize)]
pub(crate) struct ResponseFeedback {
    feedback: Option<String>,
    mid: Option<String>,
}

/// A filled-in feedback template: satisfaction to 5, recommendation to 10, effort to 7.
pub(crate) fn given(feedback: &Feedback, thread: &Thread<'_>) -> Vec<Event> {
    let mut events = Vec::new();
    for screen in &feedback.feedback_screens {
        for (name, question) in &screen.questions {
            let (dimension, lowest, scale) = match question.kind.as_deref() {
                Some("csat") => ("overall", 1.0, 5.0),
                Some("nps") => ("overall", 0.0, 10.0),
                Some("ces") => ("easy", 1.0, 7.0),
                _ => continue,
            };
            let score = question.payload.as_ref().and_then(|it| it.0.parse::<f64>().ok());
            let Some(score) = score.filter(|score| (lowest..=scale).contains(score)) else {
                continue;
            };
            let id = format!("{}:{}:{name}", thread.unnamed("feedback"), screen.screen_id);
            events.push(thread.event(id, rated(dimension, score, scale)));
        }
    }
    events
}

/// "Good response" or "Bad response" under one of our messages.
pub(crate) fn of_response(given: &ResponseFeedback, thread: &Thread<'_>) -> Option<Event> {
    let score = match given.feedback.as_deref()?.split(' ').next()? {
        "Good" => 1.0,
        "Bad" => 0.0,
        _ => return None,
    };
    let mid = given.mid.as_deref().unwrap_or_default();
    let id = format!("{}:{mid}", thread.unnamed("feedback"));
    Some(thread.event(id, rated("response", score, 1.0)))
}
