// What is said of a channel's feed, in as many words as there is room for: its state, why, since when.

import type { Strings } from "../../../i18n/strings";
import type { ChannelEntry } from "../../../protocol";
import { ageOf, type Age } from "./age";

export interface StateWords {
  /** In the tone's colour. */
  health: string;
  /** After it, muted. */
  rest: string;
}

/** `last` is how long ago it was heard; `fits` tells whether the words have room: the last, shortest ones are
    said in any case. */
export function stateWords(
  channel: ChannelEntry,
  last: Age | null,
  nowMs: number,
  strings: Strings,
  fits: (words: StateWords) => boolean,
): StateWords {
  const ways = waysToSay(channel, last, nowMs, strings);
  for (const way of ways) {
    if (fits(way)) return way;
  }
  return ways[ways.length - 1] as StateWords;
}

/** The longest first. */
function waysToSay(channel: ChannelEntry, last: Age | null, nowMs: number, strings: Strings): StateWords[] {
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
  const alone = { health: word, rest: "" };
  // "No data yet" says it already.
  if (!last) return channel.health === "no_data" ? [alone] : [{ health: word, rest: strings.never }, alone];
  const isNow = last.unit === "s" && last.value === 0;
  const ago = isNow ? strings.now : strings.ago(last.value, last.unit);
  const bare = isNow ? strings.now : strings.age(last.value, last.unit);
  const quiet = why ? [{ health: word, rest: `${why} · ${ago}` }, { health: word, rest: why }] : [];
  return quiet.concat({ health: word, rest: ago }, { health: word, rest: bare }, alone);
}
