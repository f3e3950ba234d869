//! A screen's picture: asked for by an admin, drawn by the screen's own page, looked at once.

use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};

use super::super::super::Problem;
use super::super::layout::{Posted, Sheet, did};
use super::Admin;
use crate::screen::paired::{Failed, Paired, PairedScreen, PictureState};

pub(super) async fn ask(
    State(admin): State<Admin>,
    Posted { form, .. }: Posted,
) -> Result<Response, Problem> {
    let name = form.get("screen");
    admin.screens.pairing.paired.ask_picture(name)?;
    Ok(did(Redirect::to("../screens").into_response(), name, None))
}

/// It is gone afterwards.
pub(super) async fn look(
    State(admin): State<Admin>,
    Path(name): Path<String>,
) -> Result<Response, Problem> {
    match admin.screens.pairing.paired.look_at_picture(&name) {
        Some(png) => Ok(([(header::CONTENT_TYPE, "image/png")], png).into_response()),
        None => {
            let detail = "there is no picture of this screen, or somebody has looked at it";
            Err(Problem::new(StatusCode::NOT_FOUND, "no-picture", "No picture", detail))
        }
    }
}

/// On the screen's card.
pub(super) fn part(screen: &PairedScreen, paired: &Paired, sheet: &Sheet<'_>) -> Markup {
    let say = |words: &str| sheet.language().say(words);
    let name = &screen.name;
    html! {
        div.picture {
            @match paired.picture_state(name) {
                PictureState::None => {},
                PictureState::Asked => p.soft role="status" { (say("screens-picture-asked")) },
                PictureState::Silent => p.soft role="status" { (say("screens-picture-silent")) },
                PictureState::Failed(why) => p.soft role="status" { (say(match why {
                    Failed::Browser => "screens-picture-browser",
                    Failed::NoBoard => "screens-picture-no-board",
                    Failed::TooLarge => "screens-picture-large",
                })) },
                PictureState::Taken { at_ms } => {
                    img src={ "screens/picture/" (name) "?at=" (at_ms) } alt={ (say("screens-picture-of")) " " (name) };
                    p.soft { (say("screens-picture-once")) }
                },
            }
            form method="post" action="screens/picture" {
                (sheet.token())
                input type="hidden" name="screen" value=(name);
                button type="submit" aria-label={ (say("screens-picture-ask")) " " (name) } {
                    (say("screens-picture-ask"))
                }
            }
        }
    }
}
