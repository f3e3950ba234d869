// How the columns of the next hours are laid into their tile: those that find room, the nearest first.

import { TEXT_MIN } from "../../box";

/** In units: the largest figure of who is there, those above columns, the times below them. */
const FIGURE_MAX = 150;
const TEXT_MAX = 44;
const LINE = 1.25;
/** Beside a column's texts, and between who is there and the columns. */
const COLUMN_GAP = 18;
const SIDE_GAP = 30;
/** Of the width, for who is there. */
const SIDE_SHARE_MAX = 0.4;
/** From this height on the words below the figure find room. */
const TALL_FROM = 260;

export interface Shown {
  count: number;
  /** The width for who is there, and the size of their figure. */
  side: number;
  figure: number;
  /** The size of the figures above columns. */
  text: number;
  /** The height of the highest bar, and of what is below it. */
  bars: number;
  foot: number;
  isTall: boolean;
}

/** `texts` are the widths of each column's time and figure, `word` that of the longest word, all in em. */
export function columnsFor(width: number, height: number, texts: number[][], word: number): Shown {
  const isTall = height >= TALL_FROM;
  const side = Math.min(width * SIDE_SHARE_MAX, Math.max(word * TEXT_MIN, 150) + SIDE_GAP);
  const figure = Math.min(FIGURE_MAX, side * 0.55, height * 0.5);
  const text = Math.max(TEXT_MIN, Math.min(TEXT_MAX, height * 0.13));
  const least = (widths: number[]) => Math.max((widths[0] || 0) * TEXT_MIN, (widths[1] || 0) * text) + COLUMN_GAP;
  const widest = Math.max(...texts.map(least));
  const count = Math.max(1, Math.min(texts.length, Math.floor((width - side) / widest)));
  const foot = TEXT_MIN * LINE;
  const bars = Math.max(8, height - foot - text * LINE - 8);
  return { count, side, figure, text, bars, foot, isTall };
}
