// The time that is left, in its two largest units; whole minutes until there are few.

import type { AgeUnit } from "../channel_strip/age";

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** Seconds run below this. */
const SECONDS_BELOW_MS = 2 * MINUTE_MS;

export interface Part {
  value: number;
  unit: AgeUnit;
}

/** Rounded up, so that it is over when nothing is left. */
export function leftOf(ms: number): Part[] {
  if (ms <= 0) return [{ value: 0, unit: "s" }];
  if (ms <= SECONDS_BELOW_MS) return [{ value: Math.ceil(ms / SECOND_MS), unit: "s" }];
  const minutes = Math.ceil(ms / MINUTE_MS) * MINUTE_MS;
  if (minutes < HOUR_MS) return [{ value: minutes / MINUTE_MS, unit: "min" }];
  if (minutes < DAY_MS) return both(minutes, HOUR_MS, "h", MINUTE_MS, "min");
  return both(Math.ceil(ms / HOUR_MS) * HOUR_MS, DAY_MS, "d", HOUR_MS, "h");
}

function both(ms: number, large: number, largeUnit: AgeUnit, small: number, smallUnit: AgeUnit): Part[] {
  const parts: Part[] = [{ value: Math.floor(ms / large), unit: largeUnit }];
  const rest = Math.floor((ms % large) / small);
  return rest > 0 ? parts.concat({ value: rest, unit: smallUnit }) : parts;
}
