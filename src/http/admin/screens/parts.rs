//! The parts of the page: the form for a code, a card for each screen, a table of all others.

use std::net::IpAddr;

use maud::{Markup, html};

use super::super::layout::Sheet;
use super::{Filled, SAID};
use crate::board::format;
use crate::board::frame::{Choice, Listed};
use crate::board::parameter::{instance, split};
use crate::event::UnixMs;
use crate::http::screen_page::build;
use crate::language::Language;
use crate::screen::Seen;
use crate::screen::paired::{PLACE_CHARS_MAX, PairedScreen, Shows};

/// What a screen can be made to show.
pub(super) struct Choices {
    pub(super) boards: Vec<Listed>,
    /// Of files with a parameter, by id, what they can be opened for.
    pub(super) each: Vec<(String, Vec<Choice>)>,
    pub(super) playlists: Vec<String>,
    /// When it is to be on.
    pub(super) calendars: Vec<String>,
}

impl Choices {
    fn options(&self, chosen: Option<&Shows>, language: Language) -> Markup {
        let is_chosen = |shows: &str| chosen.is_some_and(|it| it.to_string() == shows);
        html! {
            @for board in self.boards.iter().filter(|board| split(&board.id).is_none()) {
                @if let Some((_, each)) = self.each.iter().find(|(id, _)| *id == board.id) {
                    optgroup label=(board.title) {
                        @for choice in each {
                            @let id = instance(&board.id, &choice.name);
                            @let value = format!("board:{id}");
                            option value=(value) selected[is_chosen(&value)] { (choice.title) " (" (id) ")" }
                        }
                    }
                } @else {
                    @let value = format!("board:{}", board.id);
                    option value=(value) selected[is_chosen(&value)] { (board.title) " (" (board.id) ")" }
                }
            }
            @for name in &self.playlists {
                @let value = format!("playlist:{name}");
                option value=(value) selected[is_chosen(&value)] {
                    (language.say("screens-playlist")) ": " (name)
                }
            }
        }
    }
}

pub(super) fn pair_form(filled: &Filled, choices: &Choices, sheet: &Sheet<'_>) -> Markup {
    let language = sheet.language();
    // After a form that was good its fields are empty again.
    let is_again = !SAID.iter().any(|(word, is_good, _)| *is_good && *word == filled.said);
    let again = |text: &str| if is_again { text.to_owned() } else { String::new() };
    html! {
        form.pair method="post" action="screens/approve" {
            (sheet.token())
            h2 { (language.say("screens-pair")) }
            div.fields {
                p {
                    label for="code" { (language.say("screens-code")) }
                    input #code name="code" value=(again(&filled.code)) required maxlength="20"
                        autocomplete="off" autocapitalize="characters" spellcheck="false" placeholder="BCDF-GHJK";
                }
                p {
                    label for="name" { (language.say("screens-name")) }
                    input #name name="name" value=(again(&filled.name)) required maxlength="40"
                        pattern="[A-Za-z0-9][A-Za-z0-9._\\-]*" autocomplete="off" placeholder="hall-2";
                }
                p {
                    label for="place" { (language.say("screens-place")) }
                    input #place name="place" value=(again(&filled.place)) maxlength=(PLACE_CHARS_MAX) autocomplete="off";
                }
                p {
                    label for="shows" { (language.say("screens-shows")) }
                    select #shows name="shows" { (choices.options(None, language)) }
                }
                p { button.main type="submit" { (language.say("screens-approve")) } }
            }
        }
    }
}

pub(super) fn card(
    screen: &PairedScreen,
    own: &[Seen],
    choices: &Choices,
    now_ms: UnixMs,
    sheet: &Sheet<'_>,
) -> Markup {
    let language = sheet.language();
    let say = |name| language.say(name);
    let name = &screen.name;
    // While one board follows another there are two for a moment: the one in front counts.
    let of_name = || own.iter().filter(|seen| seen.name.as_ref() == Some(name));
    let seen = of_name().find(|seen| seen.board == screen.board).or_else(|| of_name().next());
    let is_here = seen.is_some_and(|seen| seen.id.is_some());
    let seen_ms = seen.map_or(0, |seen| seen.seen_ms).max(screen.seen_ms);
    let ago = |ms: UnixMs| match ms {
        0 => say("screens-never"),
        ms => format::ago(now_ms.saturating_sub(ms), language),
    };
    let version = match screen.build.as_str() {
        "" => format::NOTHING.to_owned(),
        own if own == build() => say("screens-version-current"),
        other => format!("{} ({other})", say("screens-version-older")),
    };
    let shows = match &screen.shows {
        Shows::Board(id) => choices
            .boards
            .iter()
            .find(|board| board.id == *id)
            .map_or_else(|| id.clone(), |board| board.title.clone()),
        Shows::Playlist(name) => format!("{}: {name}", say("screens-playlist")),
    };
    let address = seen.and_then(|seen| seen.address).or(screen.address);
    let (mark, state) = match (is_here, screen.expected) {
        (true, _) => ("state", "screens-here"),
        (false, true) => ("state bad", "screens-away"),
        (false, false) => ("soft", "screens-not-expected"),
    };
    let label = |name_of: &'static str| format!("{} {name}", say(name_of));
    html! {
        h3 { (name) }
        p { span class=(mark) { (say(state)) } @if !screen.place.is_empty() { span.soft { (screen.place) } } }
        dl {
            (fact(&say("screens-shows"), html! { (shows) }))
            @if !screen.board.is_empty() {
                (fact(&say("screens-in-front"), html! { code { (screen.board) } }))
            }
            (fact(&say("screens-picture"), picture(seen, language)))
            (fact(&say("screens-last-seen"), html! { (ago(seen_ms)) }))
            (fact(&say("screens-address"), html! { (of_address(address)) }))
            (fact(&say("screens-browser"), html! { span title=(screen.browser) { (short(&screen.browser)) } }))
            (fact(&say("screens-version"), html! { (version) }))
            @if let Some(calendar) = &screen.calendar {
                (fact(&say("screens-hours"), html! { (calendar) }))
            }
            (fact(&say("screens-since"), html! { (ago(screen.paired_ms)) }))
        }
        div.buttons {
            @for (action, words) in [("identify", "screens-identify"), ("reload", "screens-reload")] {
                form method="post" action={ "screens/" (action) } {
                    (sheet.token())
                    input type="hidden" name="screen" value=(name);
                    button type="submit" aria-label=(label(words)) { (say(words)) }
                }
            }
        }
        details {
            summary { (say("screens-change")) }
            form method="post" action="screens/move" {
                (sheet.token())
                input type="hidden" name="screen" value=(name);
                label for={ "shows-" (name) } { (say("screens-shows")) }
                select id={ "shows-" (name) } name="shows" { (choices.options(Some(&screen.shows), language)) }
                button type="submit" aria-label=(label("screens-move")) { (say("screens-move")) }
            }
            form method="post" action="screens/rename" {
                (sheet.token())
                input type="hidden" name="screen" value=(name);
                label for={ "name-" (name) } { (say("screens-name")) }
                input id={ "name-" (name) } name="name" value=(name) required maxlength="40"
                    pattern="[A-Za-z0-9][A-Za-z0-9._\\-]*" autocomplete="off";
                label for={ "place-" (name) } { (say("screens-place")) }
                input id={ "place-" (name) } name="place" value=(screen.place) maxlength=(PLACE_CHARS_MAX) autocomplete="off";
                button type="submit" aria-label=(label("screens-rename")) { (say("screens-rename")) }
            }
            @if !choices.calendars.is_empty() {
                form method="post" action="screens/hours" {
                    (sheet.token())
                    input type="hidden" name="screen" value=(name);
                    label for={ "hours-" (name) } { (say("screens-hours")) }
                    select id={ "hours-" (name) } name="calendar" {
                        option value="" selected[screen.calendar.is_none()] { (say("screens-hours-always")) }
                        @for calendar in &choices.calendars {
                            option value=(calendar) selected[screen.calendar.as_ref() == Some(calendar)] { (calendar) }
                        }
                    }
                    button type="submit" aria-label=(label("screens-hours-set")) { (say("screens-hours-set")) }
                }
            }
            form method="post" action="screens/revoke" {
                (sheet.token())
                input type="hidden" name="screen" value=(name);
                p.soft { (say("screens-revoke-means")) }
                button.danger type="submit" aria-label=(label("screens-revoke")) { (say("screens-revoke")) }
            }
        }
    }
}

fn fact(what: &str, is: Markup) -> Markup {
    html! { div { dt { (what) } dd { (is) } } }
}

/// "up to date, #812", "40 s old, #811".
fn picture(seen: Option<&Seen>, language: Language) -> Markup {
    let age = seen.and_then(|seen| seen.picture_age_ms);
    let words = match age {
        Some(age) if age < 5_000 => language.say("screens-picture-new"),
        Some(age) => format::ago(age, language),
        None => format::NOTHING.to_owned(),
    };
    let seq = seen.filter(|seen| seen.painted_ms > 0).map(|seen| seen.painted_seq);
    html! { (words) @if let Some(seq) = seq { " " span.soft title=(language.say("screens-acknowledged")) { "#" (seq) } } }
}

fn of_address(address: Option<IpAddr>) -> String {
    address.map_or_else(|| format::NOTHING.to_owned(), |address| address.to_string())
}

pub(super) fn table(others: &[Seen], now_ms: UnixMs, language: Language) -> Markup {
    let say = |name| language.say(name);
    html! {
        div.scrolls tabindex="0" role="region" aria-label=(say("screens-others")) {
            table.screens-table {
                thead { tr {
                    th scope="col" { (say("screens-name")) }
                    th scope="col" { (say("screens-shows")) }
                    th scope="col" { (say("screens-picture")) }
                    th scope="col" { (say("screens-last-seen")) }
                    th scope="col" { (say("screens-address")) }
                    th scope="col" { (say("screens-browser")) }
                } }
                tbody {
                    @for seen in others {
                        tr {
                            td { (seen.name.as_deref().unwrap_or(format::NOTHING)) }
                            td { code { (seen.board) } }
                            td { (picture(Some(seen), language)) }
                            td { (format::ago(now_ms.saturating_sub(seen.seen_ms), language)) }
                            td { (of_address(seen.address)) }
                            td title=(seen.browser) { (short(&seen.browser)) }
                        }
                    }
                }
            }
        }
    }
}

/// "Chrome 53, Tizen" of what a browser calls itself at length.
fn short(browser: &str) -> String {
    let names = ["SamsungBrowser", "Edg", "OPR", "Firefox", "Chromium", "Chrome", "Version"];
    let found = names.iter().find_map(|name| {
        let (_, rest) = browser.split_once(&format!("{name}/"))?;
        let number: String = rest.chars().take_while(char::is_ascii_digit).collect();
        let name = if *name == "Version" { "Safari" } else { name };
        Some(format!("{name} {number}"))
    });
    let systems =
        ["Tizen", "Web0S", "webOS", "Android", "CrOS", "Windows", "iPad", "Mac OS X", "Linux"];
    let system = systems.iter().find(|system| browser.contains(*system));
    match (found, system) {
        (Some(found), Some(system)) => format!("{found}, {system}"),
        (Some(found), None) => found,
        (None, _) if browser.is_empty() => format::NOTHING.to_owned(),
        (None, _) => browser.chars().take(30).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_told_in_two_words() {
        let tv = "Mozilla/5.0 (SMART-TV; Linux; Tizen 4.0) AppleWebKit/538.1 (KHTML, like Gecko) \
                  Version/4.0 TV Safari/538.1 Chrome/56.0";
        assert_eq!(short(tv), "Chrome 56, Tizen");
        assert_eq!(
            short("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0"),
            "Firefox 140, Linux"
        );
        assert_eq!(short("curl"), "curl");
        assert_eq!(short(""), "–");
    }
}
