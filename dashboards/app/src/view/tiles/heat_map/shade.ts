// The colour of a level: from the empty track to a blue that dark text can be read on. Against a
// target it is quiet where that is kept, and amber where it is not.

import type { Tone } from "../../../protocol";
import { palette } from "../../themes";

/** Kept targets are as light as so much. */
const KEPT_LEVEL = 0.3;

export interface Shade {
  background: string;
  color: string;
}

export function shadeOf(level: number, tone: Tone | undefined): Shade {
  const { heatEmpty, heatFull, heatMissed, heatText, heatTextFull, heatFlip } = palette();
  if (tone === "warn" || tone === "bad") return { background: heatMissed, color: "#000000" };
  const share = tone === "good" ? KEPT_LEVEL : Math.max(0, Math.min(1, level));
  return { background: mixed(heatEmpty, heatFull, share), color: share >= heatFlip ? heatTextFull : heatText };
}

/** A colour so far between two others of the form "#rrggbb". */
function mixed(from: string, to: string, share: number): string {
  const parts = [1, 3, 5].map((at) => {
    const [one, other] = [from, to].map((colour) => parseInt(colour.slice(at, at + 2), 16)) as [number, number];
    return Math.round(one + (other - one) * share);
  });
  return `rgb(${parts.join(",")})`;
}
