// How wide a table's columns are. Figures and heads get what they need; names get the rest, on two
// lines when they must. Nothing overlaps: what has no room beside a name is left out, last first.

import { TEXT_MIN } from "../../box";

export interface Texts {
  names: string[];
  heads: string[];
  /** Of each column. */
  cells: { text: string; marked: boolean }[][];
}

export interface Measures {
  name(text: string): number;
  head(text: string): number;
  /** With its marker. */
  figure(text: string, marked: boolean): number;
}

export interface Columns {
  /** All in units. */
  name: number;
  widths: number[];
  headLines: number;
  nameLines: number;
  /** Every name fits. */
  fits: boolean;
}

/** Names are set a little smaller than figures, but never below the smallest text. */
export const NAME_EM = 0.9;
/** Left of a column, in units. */
const GAP = 18;
const NAME_MIN = 150;
const SLACK = 4;

export function nameSize(textSize: number): number {
  return Math.max(TEXT_MIN, NAME_EM * textSize);
}

/** `width` in units; `measures` in em; `floor` are widths that columns had before, so that they don't tremble. */
export function columnsFor(width: number, texts: Texts, textSize: number, measures: Measures, floor: number[] = []): Columns {
  const figures = texts.cells.map((cells, index) =>
    cells.reduce((most, cell) => Math.max(most, measures.figure(cell.text, cell.marked) * textSize + GAP), floor[index] || 0),
  );
  const columns = (headLines: number) =>
    figures.map((figure, index) => Math.max(figure, linesEm(texts.heads[index] || "", headLines, measures.head) * TEXT_MIN + GAP));
  const namesEm = [1, 2].map((lines) => widest(texts.names, (name) => linesEm(name, lines, measures.name)));
  let last: Columns | null = null;
  for (const nameLines of [1, 2]) {
    for (const headLines of [1, 2]) {
      const widths = columns(headLines);
      const name = width - widths.reduce((sum, one) => sum + one, 0);
      const needed = (namesEm[nameLines - 1] as number) * nameSize(textSize) + SLACK;
      last = { name, widths, headLines, nameLines, fits: needed <= name };
      if (last.fits) return last;
    }
  }
  // A last resort for long words in little room, which break where they must.
  const plan = { ...(last as Columns), nameLines: 3 };
  while (plan.name < Math.min(NAME_MIN, width / 2) && plan.widths.length > 1) plan.name += plan.widths.pop() as number;
  return plan;
}

function widest(texts: string[], measure: (text: string) => number): number {
  return texts.reduce((most, text) => Math.max(most, measure(text)), 0);
}

/** The width of a text on one line, or on two broken at its best space. */
function linesEm(text: string, lines: number, measure: (text: string) => number): number {
  const whole = measure(text);
  const words = text.split(" ");
  if (lines === 1 || words.length === 1) return whole;
  return words.slice(1).reduce((best, _word, index) => {
    const parts = [words.slice(0, index + 1).join(" "), words.slice(index + 1).join(" ")];
    return Math.min(best, widest(parts, measure));
  }, whole);
}
