// Where a chart's few ticks stand.

const STEPS = [1, 2, 5];
const VALUE_TICKS_MAX = 3;
export const TIME_TICKS_MAX = 5;
const MINUTE_S = 60;
const TIME_STEPS_S = [5, 10, 15, 20, 30, 60, 120, 180, 240, 360, 720, 1440].map((minutes) => minutes * MINUTE_S);

/** The distance of the value axis's ticks: 1, 2 or 5 times a power of ten. */
function valueStep(max: number): number {
  for (let power = 1; ; power *= 10) {
    for (const step of STEPS) if (Math.ceil(max / (step * power)) <= VALUE_TICKS_MAX) return step * power;
  }
}

/** The upper end of the value axis: a whole tick at or above the largest value. */
export function niceTop(max: number | null): number {
  if (max === null || !isFinite(max) || max <= 0) return 2;
  const step = valueStep(max);
  return Math.max(2, Math.ceil(max / step) * step);
}

export function valueSplits(top: number): number[] {
  const step = valueStep(top);
  const splits: number[] = [];
  for (let value = 0; value <= top; value += step) splits.push(value);
  return splits;
}

/** A tick this near to the right end has no room for its label, as a share of the axis. */
const TIME_TICK_END = 0.05;

/** Full quarters, hours and so on of the site's time; all times in seconds. None stands within the share
    `edge` of an end, where its label would touch the other axis's. */
export function timeSplits(from: number, to: number, utcOffset: number, most = TIME_TICKS_MAX, edge = 0): number[] {
  const longest = TIME_STEPS_S[TIME_STEPS_S.length - 1] as number;
  const step = TIME_STEPS_S.filter((one) => (to - from) / one <= most)[0] || longest;
  const splits: number[] = [];
  const first = Math.ceil((from + (to - from) * edge + utcOffset) / step) * step - utcOffset;
  const last = to - (to - from) * Math.max(TIME_TICK_END, edge);
  for (let second = first; second <= last; second += step) splits.push(second);
  return splits;
}

/** "20,000" as on the tiles, whatever the language: a thin space reads in each. */
export function grouped(value: number): string {
  const [whole = "", tenths] = String(value).split(".");
  const digits = whole.length > 4 ? whole.replace(/\B(?=(\d{3})+$)/g, "\u2009") : whole;
  return tenths ? `${digits}.${tenths}` : digits;
}
