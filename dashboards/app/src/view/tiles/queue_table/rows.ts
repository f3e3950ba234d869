// How many rows fit on a page, and how large their text is: few rows are large ones.

import { TEXT_MIN } from "../../box";
import { pagesFor, type Pages } from "../../paging";

/** A row's height in its text's size, for names on one line, on two and on three. */
const ROW_HEIGHT_EM = [1.56, 2.36, 3.46];
const ROW_HEIGHT_MAX = 84;
const TEXT_SIZES = [36, 32, TEXT_MIN];

export interface Rows {
  /** Rows that stay in view, and the pages of the others. */
  pinned: number;
  pages: Pages;
  /** In units. */
  height: number;
}

export function rowHeight(textSize: number, nameLines: number): number {
  return textSize * (ROW_HEIGHT_EM[nameLines - 1] as number);
}

/** `room` is the height for rows in units, `least` that of a row; `pinned` of all rows stay in view. */
export function rowsFor(room: number, count: number, pinned: number, least: number): Rows {
  const lines = Math.max(1, Math.floor(room / least));
  if (count <= lines) {
    return { pinned: 0, pages: { count: 1, each: count, more: 0 }, height: Math.min(Math.max(ROW_HEIGHT_MAX, least), room / Math.max(1, count)) };
  }
  // One line at least is turned, or the others would never be seen.
  const kept = Math.min(pinned, lines - 1);
  const pages = pagesFor(count - kept, lines - kept);
  return { pinned: kept, pages, height: Math.min(Math.max(ROW_HEIGHT_MAX, least), room / (kept + pages.each)) };
}

/** The largest size of which all rows fit at once; the least when none does. */
export function textSizeFor(fits: (size: number) => boolean): number {
  return TEXT_SIZES.filter(fits)[0] || TEXT_MIN;
}
