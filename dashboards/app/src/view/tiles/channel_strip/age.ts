// How long ago, in the largest unit that is not zero.

export type AgeUnit = "s" | "min" | "h" | "d";

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

export function ageOf(fromMs: number, nowMs: number): { value: number; unit: AgeUnit } {
  // An event can't come from the future; clocks that differ a little can say so.
  const age = Math.max(0, nowMs - fromMs);
  if (age < MINUTE_MS) return { value: Math.floor(age / SECOND_MS), unit: "s" };
  if (age < HOUR_MS) return { value: Math.floor(age / MINUTE_MS), unit: "min" };
  if (age < DAY_MS) return { value: Math.floor(age / HOUR_MS), unit: "h" };
  return { value: Math.floor(age / DAY_MS), unit: "d" };
}
