// What is said of a channel's feed, in as many words as there is room for: its state, why, since when.

import type { Strings } from "../../../i18n/strings";
import type { ChannelEntry } from "../../../protocol";
import { ageOf } from "./age";

export interface StateWords {
  /** In the tone's colour. */
  health: string;
  /** After it, muted. */
  rest: string;
}

/** `fits` tells whether the words have room; the last, shortest ones are said in any case. */
export function stateWords(
  channel: ChannelEntry,
  nowMs: number,
  strings: Strings,
  fits: (words: StateWords) => boolean,
): StateWords {
  const ways = waysToSay(channel, nowMs, strings);
  for (const way of ways) {
    if (fits(way)) return way;
  }
  return ways[ways.length - 1] as StateWords;
}

/** The longest first. */
function waysToSay(channel: ChannelEntry, nowMs: number, strings: Strings): StateWords[] {
  const health = strings.health[channel.health] || strings.health.no_data;
  const why = channel.why ? strings.why[channel.why] || "" : "";
  if (why && (channel.health === "late" || channel.health === "silent")) {
    const since = typeof channel.since_ms === "number" ? ageOf(channel.since_ms, nowMs) : null;
    const age = since ? strings.age(since.value, since.unit) : "";
    return [
      { health, rest: age ? `${why} · ${age}` : why },
      { health: why, rest: age },
      { health: why, rest: "" },
    ];
  }
  const word = why && channel.health === "live" ? strings.quiet : health;
  if (typeof channel.last_event_ms !== "number") return [{ health: word, rest: strings.never }];
  const last = ageOf(channel.last_event_ms, nowMs);
  const ago = strings.ago(last.value, last.unit);
  const short = { health: word, rest: strings.age(last.value, last.unit) };
  return why
    ? [{ health: word, rest: `${why} · ${ago}` }, { health: word, rest: why }, short]
    : [{ health: word, rest: ago }, short];
}
