// Lines of text in a room: as large as all of them fit, at most so large, at least readable.

import { TEXT_MIN } from "../box";

/** Of the text's size. */
export const LINE_HEIGHT = 1.3;
/** Lines end where words do: so much of each stays empty. */
const RAGGED = 1.12;

export interface Lines {
  /** In units. */
  size: number;
  shown: number;
}

/** Lines that are not broken. `widths` are theirs in em; `width` and `height` the room in units. */
export function linesFor(widths: number[], width: number, height: number, largest: number): Lines {
  const widest = Math.max(0.1, ...widths);
  const fits = Math.min(largest, width / widest, height / (widths.length * LINE_HEIGHT));
  const size = Math.max(TEXT_MIN, Math.floor(fits));
  return { size, shown: Math.max(1, Math.min(widths.length, Math.floor(height / (size * LINE_HEIGHT)))) };
}

/** The size of lines that may be broken between words; `longest` is the longest word, in em. */
export function brokenSize(widths: number[], longest: number, width: number, height: number, largest: number): number {
  const high = (size: number) =>
    widths.reduce((sum, one) => sum + Math.max(1, Math.ceil((one * size * (one * size > width ? RAGGED : 1)) / width)), 0) * size * LINE_HEIGHT;
  let size = Math.floor(largest);
  while (size > TEXT_MIN && (high(size) > height || longest * size > width)) size -= 1;
  return size;
}
