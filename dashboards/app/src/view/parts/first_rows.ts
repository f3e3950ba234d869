// The first rows of a list that is not turned: who waits longest stands first, and what does not fit
// is counted.

import { TEXT_MIN } from "../box";

const ROW_HEIGHT_MIN = 50;
const ROW_HEIGHT_MAX = 92;
const TEXT_SHARE = 0.56;
const TEXT_SIZE_MAX = 36;

export interface FirstRows {
  shown: number;
  /** How many are not. */
  more: number;
  /** In units. */
  height: number;
  textSize: number;
}

/** `room` is the height for rows in units; `more` are those that the server left out already. */
export function firstRows(room: number, count: number, more: number): FirstRows {
  const lines = Math.max(1, Math.floor(room / ROW_HEIGHT_MIN));
  const fits = count + (more > 0 ? 1 : 0) <= lines;
  const shown = fits ? count : Math.max(1, lines - 1);
  const left = count - shown + more;
  const used = Math.max(1, shown + (left > 0 ? 1 : 0));
  const height = Math.min(ROW_HEIGHT_MAX, room / used);
  return { shown, more: left, height, textSize: Math.max(TEXT_MIN, Math.min(TEXT_SIZE_MAX, height * TEXT_SHARE)) };
}
