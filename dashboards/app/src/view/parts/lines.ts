// Lines of text in a room: as large as all of them fit, at most so large, at least readable.

import { TEXT_MIN } from "../box";

/** Of the text's size. */
export const LINE_HEIGHT = 1.3;
/** Lines end where words do: so much of each stays empty. */
const RAGGED = 1.12;

/** A text with what stands on its first line beside it: widths in em, `longest` that of its longest word. */
export interface Paragraph {
  text: number;
  longest: number;
  beside: number;
}

export interface Paragraphs {
  /** In units. */
  size: number;
  /** Of each that is shown: over how many lines its text goes at most. */
  lines: number[];
}

/** Texts one under the other, broken between words: as large as all of them fit; where they do not, each that is shown has a line at least. */
export function paragraphsFor(texts: Paragraph[], width: number, height: number, largest: number): Paragraphs {
  for (let size = Math.floor(largest); size >= TEXT_MIN; size -= 1) {
    const lines = texts.map((text) => linesOf(text, width, size));
    const rows = lines.reduce((sum, count) => sum + count, 0);
    const isBroken = texts.some((text) => text.longest * size > roomBeside(text, width, size));
    if (!isBroken && rows * size * LINE_HEIGHT <= height) return { size, lines };
  }
  let left = Math.max(1, Math.floor(height / (TEXT_MIN * LINE_HEIGHT)));
  const lines: number[] = [];
  texts.slice(0, left).forEach((text, place, shown) => {
    const later = shown.length - place - 1;
    const count = Math.max(1, Math.min(linesOf(text, width, TEXT_MIN), left - later));
    lines.push(count);
    left -= count;
  });
  return { size: TEXT_MIN, lines };
}

function roomBeside(text: Paragraph, width: number, size: number): number {
  return Math.max(size, width - text.beside * size);
}

function linesOf(text: Paragraph, width: number, size: number): number {
  const room = roomBeside(text, width, size);
  const needs = text.text * size;
  return needs <= room ? 1 : Math.ceil((needs * RAGGED) / room);
}

/** The size of lines that may be broken between words; `longest` is the longest word, in em. */
export function brokenSize(widths: number[], longest: number, width: number, height: number, largest: number): number {
  const texts = widths.map((text) => ({ text, longest, beside: 0 }));
  return paragraphsFor(texts, width, height, largest).size;
}
