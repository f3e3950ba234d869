// The colour of a level: from the empty track to a blue that dark text can be read on. Against a
// target it is quiet where that is kept, and amber where it is not.

import type { Tone } from "../../../protocol";

type Colour = [number, number, number];

const EMPTY: Colour = [26, 37, 49];
const FULL: Colour = [122, 193, 255];
const MISSED: Colour = [255, 192, 67];
/** Kept targets are as light as so much. */
const KEPT_LEVEL = 0.3;
/** From here on, text is dark. */
const DARK_TEXT_FROM = 0.535;
const DARK_TEXT = "#000000";
const LIGHT_TEXT = "#ffffff";

export interface Shade {
  background: string;
  color: string;
}

export function shadeOf(level: number, tone: Tone | undefined): Shade {
  if (tone === "warn" || tone === "bad") return { background: rgb(MISSED), color: DARK_TEXT };
  const share = tone === "good" ? KEPT_LEVEL : Math.max(0, Math.min(1, level));
  const mixed = EMPTY.map((from, place) => Math.round(from + ((FULL[place] || 0) - from) * share));
  return { background: rgb(mixed), color: share >= DARK_TEXT_FROM ? DARK_TEXT : LIGHT_TEXT };
}

function rgb(parts: number[]): string {
  return `rgb(${parts.join(",")})`;
}
