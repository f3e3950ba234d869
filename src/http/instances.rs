//! Boards of files with a parameter: whoever asks for one has it opened, by whichever address of the
//! board; and whoever asks for the file alone chooses. What is decided is the hub's.

use std::borrow::Cow;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Extension, RawPathParams, RawQuery, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use maud::{Markup, html};

use super::address::part;
use super::client::Client;
use super::gate::OnlyScreen;
use super::page::{self, Width};
use super::refusals::Limit;
use super::{Counters, Problem, shell};
use crate::board::format::Language;
use crate::board::frame::Choice;
use crate::board::hub::{HubHandle, NotOpen};
use crate::board::parameter::{Kind, Parameter, instance, split};
use crate::config::words::nearest;

#[derive(Clone)]
pub(super) struct Opener {
    pub(super) hub: HubHandle,
    pub(super) counters: Arc<Counters>,
}

/// `/wall/queue/support`: the same as `/wall/queue:support`.
pub(super) fn routes() -> Router {
    Router::new().route("/wall/{board}/{value}", get(nice))
}

async fn nice(params: RawPathParams, RawQuery(query): RawQuery) -> Response {
    let of = |key: &str| params.iter().find(|(known, _)| *known == key).map(|(_, value)| value);
    let (board, value) = (of("board").unwrap_or_default(), of("value").unwrap_or_default());
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    moved(&format!("../{}{query}", part(&instance(board, value))))
}

fn moved(to: &str) -> Response {
    let location = HeaderValue::try_from(to).unwrap_or(HeaderValue::from_static("./"));
    (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, location)]).into_response()
}

/// Before whatever is asked of a board: opens it where it is one of a template.
pub(super) async fn open(
    State(opener): State<Opener>,
    params: RawPathParams,
    client: Option<Extension<Client>>,
    only_screen: Option<Extension<OnlyScreen>>,
    request: Request,
    next: Next,
) -> Response {
    let board = params.iter().find(|(key, _)| *key == "board").map(|(_, board)| board.to_owned());
    let path = request.uri().path();
    let is_wall = path.starts_with("/wall/");
    let is_nice = params.iter().any(|(key, _)| key == "value");
    let Some(board) = board.filter(|_| !is_nice) else { return next.run(request).await };
    if let Some((parameter, choices)) = opener.hub.choices(&board) {
        if !is_wall {
            return needs_value(&board, &parameter, &choices, only_screen.is_some())
                .into_response();
        }
        return match led(&board, &parameter, request.uri().query()) {
            Some(to) => moved(&to),
            None => choose(&opener.hub, &board, &parameter, &choices),
        };
    }
    if split(&board).is_none() {
        return next.run(request).await;
    }
    match opener.hub.open(&board).await {
        // What is unknown is told by whoever is asked.
        Ok(()) | Err(NotOpen::Unknown) => next.run(request).await,
        Err(error) => {
            if let NotOpen::Full { .. } = error {
                let address = client.and_then(|Extension(client)| client.address);
                opener.counters.refusals.note(Limit::BoardInstances, address);
            }
            refused(error, is_wall, opener.hub.site().language)
        }
    }
}

/// Where a query with the parameter leads; the rest of it goes along.
fn led(board: &str, parameter: &Parameter, query: Option<&str>) -> Option<String> {
    let pairs = || form_urlencoded::parse(query.unwrap_or_default().as_bytes());
    let value: Cow<'_, str> = pairs().find(|(key, _)| *key == parameter.name.as_str())?.1;
    if value.is_empty() {
        return None;
    }
    let mut rest = form_urlencoded::Serializer::new(String::new());
    rest.extend_pairs(pairs().filter(|(key, _)| *key != parameter.name.as_str()));
    let rest = rest.finish();
    let rest = if rest.is_empty() { rest } else { format!("?{rest}") };
    Some(format!("./{}{rest}", part(&instance(board, &value))))
}

/// For programs that ask for a file without its value.
fn needs_value(
    board: &str,
    parameter: &Parameter,
    choices: &[Choice],
    is_only_screen: bool,
) -> Problem {
    let kind = parameter.kind.id();
    let detail = format!("there is a board \"{board}\" for each {kind}: ask for {board}:NAME");
    let problem = Problem::new(StatusCode::NOT_FOUND, "needs-value", "Which one?", detail);
    let valid = choices.iter().filter(|_| !is_only_screen);
    problem.valid(valid.map(|choice| instance(board, &choice.name)))
}

/// The page of a file without its value: which boards there can be.
fn choose(hub: &HubHandle, board: &str, parameter: &Parameter, choices: &[Choice]) -> Response {
    let language = hub.site().language;
    let listed = hub.boards().into_iter().find(|listed| listed.id == board);
    let title = listed.map_or_else(|| board.to_owned(), |listed| listed.title);
    let body: Markup = html! {
        header {
            p.crumbs { a href="../" { (language.say("page-boards")) } " · " (hub.site().name) }
            h1 { (title) }
            p.lead { (language.say(which(parameter.kind))) }
        }
        main {
            @if choices.is_empty() { p { (language.say("page-nothing-to-choose")) } }
            ul.choices {
                @for choice in choices {
                    li { a href={ "./" (part(&instance(board, &choice.name))) } {
                        (choice.title)
                        @if choice.title != choice.name { " " span.soft { (choice.name) } }
                    } }
                }
            }
        }
    };
    page::shell(StatusCode::OK, language, &title, Width::Wide, &body)
}

fn which(kind: Kind) -> &'static str {
    match kind {
        Kind::Queue => "page-which-queue",
        Kind::Channel => "page-which-channel",
        Kind::Policy => "page-which-policy",
        Kind::Topic => "page-which-topic",
    }
}

fn refused(error: NotOpen, is_wall: bool, language: Language) -> Response {
    let detail = error.to_string();
    if is_wall {
        let words = match error {
            NotOpen::Full { .. } => language.say("page-boards-full"),
            NotOpen::Unknown | NotOpen::NoAnswer(_) => detail,
        };
        return shell::starting(&[words], language);
    }
    let (name, title) = match error {
        NotOpen::Full { .. } => ("too-many-boards", "Too many boards"),
        NotOpen::Unknown | NotOpen::NoAnswer(_) => ("busy", "No answer now"),
    };
    let status = StatusCode::SERVICE_UNAVAILABLE;
    Problem::new(status, name, title, detail).retry_after(5).into_response()
}

/// Of a board that cannot be: which of its file there can be, by id, the one that was meant first.
pub(super) fn others(hub: &HubHandle, board: &str) -> Option<(Kind, Option<Choice>, Vec<String>)> {
    let (file, value) = split(board)?;
    let (parameter, choices) = hub.choices(file)?;
    let near = nearest(value, choices.iter().map(|choice| choice.name.as_str()));
    let near = near.and_then(|near| choices.iter().find(|choice| choice.name == near)).cloned();
    let ids = choices.iter().map(|choice| instance(file, &choice.name)).collect();
    Some((parameter.kind, near, ids))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_with_the_value_leads_to_the_board_and_the_rest_goes_along() {
        let queue = Parameter { name: "queue".to_owned(), kind: Kind::Queue };
        let led = |query| led("queue", &queue, Some(query));
        assert_eq!(led("queue=support").as_deref(), Some("./queue%3Asupport"));
        assert_eq!(
            led("screen=hall-2&queue=a%2Fb+c&theme=light").as_deref(),
            Some("./queue%3Aa%2Fb%20c?screen=hall-2&theme=light")
        );
        assert_eq!((led("queue="), led("screen=a")), (None, None));
    }
}
