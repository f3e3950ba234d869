// A figure: its digits as large as their room allows, its units small beside them. "2 h 10 min" is
// two numbers with a unit each.

import { TEXT_MIN, type Box } from "../box";
import { widthEm } from "../measure";

/** A unit's size in its figure, but never below the smallest text. */
export const UNIT_EM = 0.36;
const UNIT_GAP_EM = 0.06;
const PAIR_GAP_EM = 0.2;

export interface Pair {
  number: string;
  unit: string;
}

/** Takes a length of time apart; whatever else it is stays one number. */
export function pairsOf(text: string, unit: string): Pair[] {
  const words = text.split(/[\u00a0 ]/);
  const isLength = words.length > 1 && words.length % 2 === 0 && words.every((word, index) => /^[0-9]+$/.test(word) === (index % 2 === 0));
  if (!isLength) return [{ number: text, unit }];
  const pairs: Pair[] = [];
  for (let index = 0; index < words.length; index += 2) {
    pairs.push({ number: words[index] as string, unit: words[index + 1] as string });
  }
  return pairs;
}

export function unitPx(size: number, box: Box): number {
  return Math.max(UNIT_EM * size, TEXT_MIN * box.unit);
}

/** The largest size at which the figure is no wider than that, in pixels. */
export function sizeForWidth(text: string, unit: string, width: number, box: Box): number {
  const pairs = pairsOf(text, unit);
  const gaps = (pairs.length - 1) * PAIR_GAP_EM + pairs.filter((pair) => pair.unit).length * UNIT_GAP_EM;
  const digits = pairs.reduce((sum, pair) => sum + widthEm(pair.number, 600), gaps);
  const units = pairs.reduce((sum, pair) => sum + (pair.unit ? widthEm(pair.unit, 500, "text") : 0), 0);
  const size = width / Math.max(0.3, digits + UNIT_EM * units);
  if (UNIT_EM * size >= TEXT_MIN * box.unit) return size;
  return (width - units * TEXT_MIN * box.unit) / Math.max(0.3, digits);
}

export function Figure({ text, unit, size, box }: { text: string; unit: string; size: number; box: Box }) {
  const unitSize = `${unitPx(size, box)}px`;
  return (
    <span class="digits">
      {pairsOf(text, unit).map((pair, index) => (
        <span key={index} style={index > 0 ? { marginLeft: `${PAIR_GAP_EM}em` } : undefined}>
          {pair.number}
          {pair.unit && (
            <span class="unit" style={{ fontSize: unitSize, marginLeft: `${UNIT_GAP_EM * size}px` }}>
              {pair.unit}
            </span>
          )}
        </span>
      ))}
    </span>
  );
}
