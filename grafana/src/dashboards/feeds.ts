// The health of channel feeds as one number for each channel, so that it can be drawn as a band over time.

import { GREEN, GREY, ORANGE, RED, type Query } from "../panels.ts";
import type { Queries } from "../query.ts";

const HEALTH: readonly [string, number][] = [
  ["live", 0],
  ["late", 1],
  ["silent", 2],
  ["no_data", 3],
];

/** What the numbers mean. */
export const FEED_WORDS = {
  0: { text: "live", color: GREEN },
  1: { text: "late", color: ORANGE },
  2: { text: "silent", color: RED },
  3: { text: "no data", color: GREY },
};

/** One series for each channel. */
export function feeds(q: Queries): Query[] {
  const each = HEALTH.map(
    ([health, value]) => `(max by (channel) (${q.of("tablica_channel_feed", `health="${health}"`)}) == 1) * ${value}`,
  );
  return [{ expr: each.join(" or "), legend: "{{channel}}" }];
}
