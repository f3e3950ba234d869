// How long ago, in the largest unit that is not zero; below a minute in steps of ten seconds, and
// below ten seconds not at all: nobody reads seconds of silence from five metres.

import { useRef } from "preact/hooks";
import type { ChannelEntry } from "../../../protocol";

export type AgeUnit = "s" | "min" | "h" | "d";

/** Ages are looked at anew no more often than this. */
export const BEAT_MS = 10_000;
const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

export interface Age {
  value: number;
  unit: AgeUnit;
}

export function ageOf(fromMs: number, nowMs: number): Age {
  // An event can't come from the future; clocks that differ a little can say so.
  const age = Math.max(0, nowMs - fromMs);
  if (age < MINUTE_MS) return { value: Math.floor(age / BEAT_MS) * (BEAT_MS / SECOND_MS), unit: "s" };
  if (age < HOUR_MS) return { value: Math.floor(age / MINUTE_MS), unit: "min" };
  if (age < DAY_MS) return { value: Math.floor(age / HOUR_MS), unit: "h" };
  return { value: Math.floor(age / DAY_MS), unit: "d" };
}

interface Kept {
  health: string;
  beat: number;
  age: Age | null;
}

/** The ages to show: they stand still within a beat, unless the channel's health has changed. */
export function useAges(channels: ChannelEntry[], nowMs: number): (name: string) => Kept["age"] {
  const kept = useRef<Record<string, Kept>>({});
  const beat = Math.floor(nowMs / BEAT_MS);
  const ages: Record<string, Kept> = {};
  for (const { name, health, last_event_ms } of channels) {
    const before = kept.current[name];
    const age = typeof last_event_ms === "number" ? ageOf(last_event_ms, nowMs) : null;
    const stands = before && before.beat === beat && before.health === health && (before.age === null) === (age === null);
    ages[name] = stands ? before : { health, beat, age };
  }
  kept.current = ages;
  return (name) => (ages[name] ? (ages[name] as Kept).age : null);
}
