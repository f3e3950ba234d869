// How many queues fit, and how large their text is: few queues give large rows.

export const ROW_HEIGHT_MIN = 46;
export const ROW_HEIGHT_MAX = 104;
const TEXT_SHARE = 0.5;
const TEXT_SIZE_MAX = 36;

export interface Rows {
  /** How many queues are shown. */
  shown: number;
  /** How many are not. */
  more: number;
  /** In units. */
  height: number;
  textSize: number;
}

/** `room` is the height for rows in units; `more` the queues that the server left out already. */
export function rowsFor(room: number, count: number, more: number): Rows {
  const lines = Math.max(1, Math.floor(room / ROW_HEIGHT_MIN));
  const fits = count + (more > 0 ? 1 : 0) <= lines;
  const shown = fits ? count : Math.max(1, lines - 1);
  const left = count - shown + more;
  const used = Math.max(1, shown + (left > 0 ? 1 : 0));
  const height = Math.min(ROW_HEIGHT_MAX, room / used);
  return { shown, more: left, height, textSize: Math.min(TEXT_SIZE_MAX, height * TEXT_SHARE) };
}
