//! From the text to a [`Script`], line by line: config block, days, times, repetitions,
//! annotations.

use super::contact::{Contacts, MEDIA};
use super::mistake::{Fault, MISTAKES_MAX, Mistake, Mistakes, hint};
use super::restart::Restart;
use super::staff::{self, Staff};
use super::time::{self, Calendar};
use super::words::{Cursor, Word};
use super::{Expectation, Script, Stop, annotate, expect};
use crate::board::annotations::Annotation;
use crate::channel::intake;
use crate::config::{self, Layer};
use crate::engine::Rules;
use crate::event::{Event, UnixMs};

/// Events of one script, repetitions included.
const EVENTS_MAX: usize = 200_000;
/// Stands for the number of the repetition.
const NUMBER: &str = "{n}";

/// Reads a script; `file` is its name in messages, `base` the config below its own.
pub fn parse(text: &str, file: &str, base: Option<&Layer<'_>>) -> Result<Script, Mistakes> {
    let header = Header::read(text).map_err(|mistake| Mistakes::new(file, vec![mistake]))?;
    let zone = header.zone.as_deref();
    let config = config::load_layers(base, &header.config, file, zone)
        .map_err(|problems| Mistakes::of_config(file, &problems))?;
    let mut reader = Reader {
        calendar: Calendar::new(config.site.time_zone.clone()),
        contacts: Contacts::default(),
        events: Vec::new(),
        annotations: Vec::new(),
        restarts: Vec::new(),
        expectations: Vec::new(),
    };
    let mut mistakes = Vec::new();
    for (line, text) in header.lines {
        if let Err(fault) = reader.line(line, text) {
            mistakes.push(fault.on(line, text));
        }
        if mistakes.len() == MISTAKES_MAX {
            break;
        }
    }
    if mistakes.is_empty() {
        mistakes.extend(reader.place_agents(text));
    }
    if mistakes.is_empty() && reader.expectations.is_empty() {
        let hint = "such as `09:30 expect waiting{queue=sales} 2`";
        mistakes.push(Mistake::whole(0, "the script expects nothing", hint));
    }
    if !mistakes.is_empty() {
        return Err(Mistakes::new(file, mistakes));
    }
    let Reader { mut events, mut annotations, restarts, expectations, .. } = reader;
    for (_, event) in &mut events {
        let channel = config.channels.get(&event.channel);
        intake::fill_queue(event, channel.and_then(|channel| channel.queue.as_deref()));
    }
    // Both sorts keep the order of the file between equals.
    events.sort_by_key(|(_, event)| event.known_ms());
    annotations.sort_by_key(|annotation| annotation.from_ms);
    Ok(Script {
        rules: Rules::from(&config),
        events,
        annotations,
        stops: stops(restarts, expectations),
    })
}

/// By their times, and of the same time as they are written.
fn stops(restarts: Vec<Restart>, expectations: Vec<Expectation>) -> Vec<Stop> {
    let restarts = restarts.into_iter().map(Stop::Restart);
    let looks = expectations.into_iter().map(|expectation| Stop::Look(Box::new(expectation)));
    let mut stops: Vec<_> = restarts.chain(looks).collect();
    stops.sort_by_key(Stop::place);
    stops
}

/// What has to be known before the first time can be read.
struct Header<'a> {
    /// The config block, on the lines that it has in the script.
    config: String,
    /// The zone of the first `on` line.
    zone: Option<String>,
    /// The other lines that say anything, with their numbers.
    lines: Vec<(usize, &'a str)>,
}

impl<'a> Header<'a> {
    fn read(text: &'a str) -> Result<Self, Mistake> {
        let mut header = Header { config: String::new(), zone: None, lines: Vec::new() };
        let text = text.trim_start_matches('\u{feff}');
        let mut lines = (1..).zip(text.lines());
        while let Some((line, text)) = lines.next() {
            let says = text.split('#').next().unwrap_or_default().trim();
            if says == "config" {
                if !header.config.is_empty() || !header.lines.is_empty() {
                    let hint = "there is one config block, above all other lines";
                    return Err(Mistake::whole(line, "this config comes too late", hint));
                }
                header.config = "\n".repeat(line);
                let closed = lines.by_ref().map(|(_, text)| text).any(|text| {
                    let end = text.split('#').next().is_some_and(|says| says.trim() == "end");
                    if !end {
                        header.config.push_str(text);
                        header.config.push('\n');
                    }
                    end
                });
                if !closed {
                    let hint = "write `end` on a line of its own below it";
                    return Err(Mistake::whole(line, "the config block does not end", hint));
                }
            } else if !says.is_empty() {
                header.lines.push((line, text));
            }
        }
        let first = header.lines.iter().find(|(_, text)| text.trim_start().starts_with("on "));
        if let Some((line, text)) = first
            && let Ok(words) = Cursor::new(text).words()
            && let [_, _, zone, ..] = words.as_slice()
        {
            time::zone(zone).map_err(|fault| fault.on(*line, text))?;
            header.zone = Some(zone.text.clone());
        }
        Ok(header)
    }
}

struct Reader {
    calendar: Calendar,
    contacts: Contacts,
    /// With their lines.
    events: Vec<(usize, Event)>,
    annotations: Vec<Annotation>,
    restarts: Vec<Restart>,
    expectations: Vec<Expectation>,
}

impl Reader {
    fn line(&mut self, line: usize, text: &str) -> Result<(), Fault> {
        let mut cursor = Cursor::new(text);
        let mut words = Vec::new();
        // What is expected has words of its own.
        while let Some(word) = cursor.word()? {
            if word.is("expect") && words.iter().all(time::begins_with_digit) {
                return self.expectation(line, text, &words, &mut cursor);
            }
            words.push(word);
        }
        match words.as_slice() {
            [on, day] if on.is("on") => self.calendar.set_day(day),
            [on, day, zone] if on.is("on") => self.day_with_zone(day, zone),
            [next, day] if next.is("next") && day.is("day") => self.calendar.next_day(day),
            [on, ..] if on.is("on") => {
                Err(on.fault("which day?", "such as `on 2026-03-02 Europe/Warsaw`"))
            }
            words => self.events(line, text, words),
        }
    }

    fn day_with_zone(&mut self, day: &Word, zone: &Word) -> Result<(), Fault> {
        if self.calendar.has_day() {
            return Err(zone.fault("the zone is said with the first day", "leave it out here"));
        }
        self.calendar.set_day(day)
    }

    fn expectation(
        &mut self,
        line: usize,
        text: &str,
        mut words: &[Word],
        cursor: &mut Cursor,
    ) -> Result<(), Fault> {
        let at_ms = if words.is_empty() {
            let no_time = || cursor.fault("when?", "begin the line with a time, such as 09:00");
            self.calendar.last().ok_or_else(no_time)?
        } else {
            self.calendar.time(&mut words)?
        };
        let what = expect::read(cursor)?;
        self.expectations.push(Expectation { at_ms, line, text: text.trim().to_owned(), what });
        Ok(())
    }

    /// `TIME [every LENGTH COUNT times] WHAT … [known TIME] [twice]`
    fn events(&mut self, line: usize, text: &str, mut words: &[Word]) -> Result<(), Fault> {
        let at_ms = self.calendar.time(&mut words)?;
        let Some(first) = words.first() else {
            return Err(Fault {
                from: 0,
                to: 1,
                what: "what happened then?".to_owned(),
                hint: "such as `09:00 call 1 queued sales`".to_owned(),
            });
        };
        if first.is("annotate") {
            let id = line.to_string();
            self.annotations.push(annotate::read(words, at_ms, &self.calendar, id)?);
            return Ok(());
        }
        if first.is("server") {
            staff::server(first, &words[1..])?;
            self.restarts.push(Restart { at_ms, line, text: text.trim().to_owned() });
            return Ok(());
        }
        let (step_ms, count) = if first.is("every") { repetition(&mut words)? } else { (0, 1) };
        if self.events.len().saturating_add(count) > EVENTS_MAX {
            return Err(first.fault(format!("these are more than {EVENTS_MAX} events"), ""));
        }
        for number in 1..=count {
            let at_ms = at_ms.saturating_add(step_ms.saturating_mul(number as i64 - 1));
            let numbered: Vec<Word> = words.iter().map(|word| with_number(word, number)).collect();
            let id = if count > 1 { format!("{line} {number}") } else { line.to_string() };
            self.happening(line, &numbered, at_ms, &id)?;
        }
        Ok(())
    }

    fn happening(
        &mut self,
        line: usize,
        words: &[Word],
        at_ms: UnixMs,
        id: &str,
    ) -> Result<(), Fault> {
        let known = words.iter().position(|word| word.is("known"));
        let twice = words.last().is_some_and(|word| word.is("twice"));
        let end = words.len() - usize::from(twice);
        let known_ms = match known {
            None => at_ms,
            Some(place) => {
                let mut when = words.get(place + 1..end).unwrap_or_default();
                let known_ms = match when {
                    [] => {
                        return Err(words[place].fault("known since when?", "such as known 09:10"));
                    }
                    _ => self.calendar.moment(&mut when)?,
                };
                if let Some(word) = when.first() {
                    return Err(word.fault("`known` ends the line", "put this before it"));
                }
                known_ms
            }
        };
        let Some((what, rest)) = words[..known.unwrap_or(end)].split_first() else { return Ok(()) };
        let events = if what.is("agent") {
            vec![staff::agent(what, rest, at_ms, id)?]
        } else if what.is("feed") {
            vec![staff::feed(what, rest, at_ms, id)?]
        } else if what.is("gauge") {
            vec![staff::gauge(what, rest, at_ms, id)?]
        } else if MEDIA.iter().any(|(medium, _)| what.is(medium)) {
            self.contacts.read(what, rest, at_ms, id)?
        } else {
            let known = MEDIA.iter().map(|(medium, _)| *medium);
            let known = known
                .chain(["agent", "feed", "gauge", "server", "annotate", "expect", "every", "on"]);
            let known: Vec<_> = known.collect();
            let text = &what.text;
            return Err(what.fault(format!("`{text}` begins no line"), hint(text, known)));
        };
        for event in events {
            let event = Event { received_ms: known_ms, ..event };
            if twice {
                self.events.push((line, event.clone()));
            }
            self.events.push((line, event));
        }
        Ok(())
    }

    /// Agents work on the channel on which the script shows them.
    fn place_agents(&mut self, text: &str) -> Vec<Mistake> {
        let staff = Staff::of(self.events.iter().map(|(_, event)| event));
        let mut mistakes = Vec::new();
        for (line, event) in &mut self.events {
            if let Err(channels) = staff.place(event)
                && mistakes.len() < MISTAKES_MAX
            {
                let text = text.lines().nth(*line - 1).unwrap_or_default();
                let place = text.find("agent").map_or(0, |at| text[..at].chars().count());
                let fault = Fault {
                    from: place,
                    to: place + "agent".len(),
                    what: format!("this agent works on {}: where is this?", channels.join(" and ")),
                    hint: format!("say `on {}`", channels[0]),
                };
                mistakes.push(fault.on(*line, text));
            }
        }
        mistakes
    }
}

/// `every LENGTH COUNT times`
fn repetition(words: &mut &[Word]) -> Result<(i64, usize), Fault> {
    const HINT: &str = "such as `09:00 every 30s 20 times call {n} queued sales`";
    let (every, length, count) = match words {
        [every, length, count, times, _, ..] if times.is("times") => (every, length, count),
        [every, ..] => return Err(every.fault("every how long, how many times?", HINT)),
        [] => return Ok((0, 1)),
    };
    let step_ms = time::length(length)?;
    let times = count.text.parse::<usize>().ok().filter(|times| *times > 0);
    let times = times.ok_or_else(|| count.fault("how many times?", HINT))?;
    let is_event = |word: &&Word| !["expect", "annotate", "server"].iter().any(|it| word.is(it));
    if let Some(other) = words[4..].first().filter(|word| !is_event(word)) {
        return Err(other.fault("only events are repeated", "write each of these by itself"));
    }
    if times > 1 && !words[4..].iter().any(|word| word.text.contains(NUMBER)) {
        let hint = "put {n} into the contact's name: it is 1, 2, 3 and so on";
        return Err(every.fault("all of these would happen to one contact", hint));
    }
    *words = &words[4..];
    Ok((step_ms, times))
}

fn with_number(word: &Word, number: usize) -> Word {
    Word { text: word.text.replace(NUMBER, &number.to_string()), ..word.clone() }
}
