// The size of a figure: as large as its room allows, and calm. It shrinks at once when the text
// would not fit, but grows again only when it pays, so that 59 → 60 → 59 changes no size.

import { useRef } from "preact/hooks";
import { TEXT_MIN, type Box } from "../box";
import { sizeForWidth } from "./figure";

/** A shrunken figure grows again when it could be this much larger. */
const GROW_FROM = 1.3;
/** Inter's digits are 0.73 em high: a line as high as the room would waste a quarter of it. */
export const DIGIT_HEIGHT_EM = 0.73;
/** The most that a dash for a missing value takes, in units: it must not shout. */
export const ABSENT_SIZE = 84;

export function useFigureSize(text: string, unit: string, width: number, height: number, box: Box): number {
  const kept = useRef({ size: 0, room: "" });
  const largest = Math.min(height / DIGIT_HEIGHT_EM, sizeForWidth(text, unit, width - 2, box));
  const fits = Math.max(Math.ceil(TEXT_MIN * box.unit), Math.floor(largest));
  const room = `${width}×${height}×${box.unit}`;
  const last = kept.current;
  const keep = last.room === room && fits >= last.size && fits < last.size * GROW_FROM;
  const size = keep ? last.size : fits;
  kept.current = { size, room };
  return size;
}
