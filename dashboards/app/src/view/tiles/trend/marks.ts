// Where annotations stand on a chart: a pin above its moment, its words on the side that has room.

export interface Area {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** One annotation on the chart; all in pixels from the chart's left end. */
export interface Placed {
  /** Which of the given ones it is. */
  index: number;
  /** Where it is on the chart: its beginning, if that is on it. */
  at: number;
  /** The middle of its pin, which makes room for the count. */
  pin: number;
  /** Its length on the chart; 0 for a moment. */
  length: number;
  /** The words' room and side. */
  words: { left: number; width: number; before: boolean };
}

/** `from` and `to` may lie beside the chart; they are equal for a moment. */
export interface Span {
  from: number;
  to: number;
  /** How wide its words would like to be, in pixels. */
  words: number;
}

/** Words narrower than this many pins say nothing. */
const WORDS_MIN_PINS = 3;
/** Words after their pin are read more easily: this much of them may be cut rather than turn. */
const TURN_FROM = 0.1;

/**
 * Newest last, as the server sends them. What finds no room is left out, the oldest first; then,
 * or when the server has left some out, their count takes its room at the left end.
 */
export function placeMarks(spans: Span[], area: Area, pinWidth: number, countWidth: number, isCounted: boolean): Placed[] {
  for (let first = 0; first < spans.length; first += 1) {
    const start = area.left + (first > 0 || isCounted ? countWidth : 0);
    const placed = tryPlace(spans.slice(first), area, start, pinWidth);
    if (placed) return placed.map((one) => ({ ...one, index: one.index + first }));
  }
  return [];
}

/** Tries every choice of sides (the server sends three at most) and takes that which cuts least. */
function tryPlace(spans: Span[], area: Area, start: number, pinWidth: number): Placed[] | null {
  const end = area.left + area.width;
  const half = pinWidth / 2;
  const pins = spans.map((span) => Math.min(Math.max(span.from, start), end));
  if (pins.some((pin, index) => index > 0 && pin - (pins[index - 1] as number) < pinWidth)) return null;
  let best: number[] = [];
  let leastCut = Infinity;
  for (let choice = 0; choice < 1 << spans.length; choice += 1) {
    const widths = widthsFor(choice, spans, pins, start, end, half);
    const cuts = widths.map((width, index) => 1 - width / Math.max(1, (spans[index] as Span).words));
    const cut = cuts.reduce((sum, one, index) => sum + one * one + (isBefore(choice, index) ? TURN_FROM * TURN_FROM : 0), 0);
    if (cut < leastCut) [leastCut, best] = [cut, [choice].concat(widths)];
  }
  const [choice = 0, ...widths] = best;
  const least = (span: Span) => Math.min(span.words, WORDS_MIN_PINS * pinWidth);
  if (spans.length > 1 && widths.some((width, index) => width < least(spans[index] as Span))) return null;
  return spans.map((span, index) => {
    const [pin, width, before] = [pins[index] as number, widths[index] as number, isBefore(choice, index)];
    const left = before ? pin - half - width : pin + half;
    const at = Math.min(Math.max(span.from, area.left), end);
    const length = span.to > span.from ? Math.max(0, Math.min(span.to, end) - at) : 0;
    return { index, at, pin, length, words: { left, width, before } };
  });
}

function isBefore(choice: number, index: number): boolean {
  return ((choice >> index) & 1) === 1;
}

/** How wide each one's words get. Two that meet between their pins share what is there. */
function widthsFor(choice: number, spans: Span[], pins: number[], start: number, end: number, half: number): number[] {
  return spans.map((span, index) => {
    const before = isBefore(choice, index);
    const pin = pins[index] as number;
    const neighbour = before ? index - 1 : index + 1;
    const other = spans[neighbour];
    if (!other) return Math.min(span.words, Math.max(0, before ? pin - half - start : end - pin - half));
    const gap = Math.abs((pins[neighbour] as number) - pin) - 3 * half;
    const meets = isBefore(choice, neighbour) !== before;
    const share = meets ? Math.max(gap / 2, gap - other.words) : gap;
    return Math.max(0, Math.min(span.words, share));
  });
}
