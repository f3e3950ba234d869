// Open promises by how they stand: the same words and colours on every page that shows them.

import { GREEN, GREY, ORANGE, RED, type Query } from "../panels.ts";
import type { Queries } from "../query.ts";

const STANDS = {
  running: { id: "running", legend: "in time", colour: GREEN },
  paused: { id: "paused", legend: "paused", colour: GREY },
  at_risk: { id: "risk", legend: "at risk", colour: ORANGE },
  breached: { id: "breached", legend: "overdue", colour: RED },
};

/** How a promise that is open stands. */
export type Stand = keyof typeof STANDS;

/** How many stand so, of all policies or by these labels. */
export function open(q: Queries, stand: Stand, by: readonly string[] = []): string {
  const sum = by.length > 0 ? `sum by (${by.join(", ")}) ` : "sum";
  return `${sum}(${q.of("tablica_policy_clocks", `state="${stand}"`)})`;
}

/** One line for each. */
export function openLines(q: Queries, stands: readonly Stand[]): Query[] {
  return stands.map((stand) => {
    const { id, legend, colour } = STANDS[stand];
    return { id, expr: open(q, stand), legend, colour };
  });
}
