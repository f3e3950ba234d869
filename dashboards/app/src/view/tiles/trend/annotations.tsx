// Campaigns, releases and outages on the chart: a band or a thin stem below the lines, a pin and
// a few words in a lane above them, so that no value is ever covered.

import type { TrendMark } from "../../../protocol";
import { TEXT_MIN } from "../../box";
import { widthEm } from "../../measure";
import { placeMarks, type Area, type Span } from "./marks";

/** The lane's height in units; the chart leaves it free. */
export const LANE_HEIGHT = 40;
const PIN_WIDTH = 34;
/** As the style sheet has it. */
const TEXT_SIZE = TEXT_MIN;
/** What rounding and the gap beside the pin take. */
const TEXT_AIR = 8;

interface Props {
  marks: TrendMark[];
  /** Those that the server left out. */
  more: number;
  area: Area;
  unit: number;
  /** The chart's first and last moment. */
  fromMs: number;
  toMs: number;
}

export function Annotations({ marks, more, area, unit, fromMs, toMs }: Props) {
  const placeOf = (ms: number) => area.left + (area.width * (ms - fromMs)) / Math.max(1, toMs - fromMs);
  const spans: Span[] = marks.map((mark) => ({
    from: placeOf(mark.from_ms),
    to: placeOf(mark.to_ms === undefined ? mark.from_ms : mark.to_ms),
    words: (widthEm(mark.text, 500, "text") * TEXT_SIZE + TEXT_AIR) * unit,
  }));
  const countWidth = (widthEm("+00", 500, "text") * TEXT_SIZE + 2 * TEXT_AIR) * unit;
  const placed = placeMarks(spans, area, PIN_WIDTH * unit, countWidth, more > 0);
  const left = more + marks.length - placed.length;
  const bottom = area.top + area.height;
  const lane = LANE_HEIGHT * unit;
  return (
    <div class="trend-marks">
      {placed.map(({ index, at, pin, length, words }) => {
        const mark = marks[index] as TrendMark;
        const top = `${lane}px`;
        const height = `${bottom - lane}px`;
        const side = words.before ? "trend-mark-words before" : "trend-mark-words";
        return (
          <div key={`${mark.from_ms}${mark.text}`} class={`trend-mark kind-${mark.kind}`}>
            {length > 0 && <div class="trend-mark-band" style={{ left: `${at}px`, width: `${length}px`, top, height }} />}
            {mark.from_ms >= fromMs && <div class="trend-mark-stem" style={{ left: `${at}px`, top, height }} />}
            <Pin kind={mark.kind} left={pin - (PIN_WIDTH * unit) / 2} />
            <p class={side} style={{ left: `${words.left}px`, width: `${words.width}px` }}>
              {mark.text}
            </p>
          </div>
        );
      })}
      {left > 0 && (
        <p class="trend-marks-more" style={{ left: `${area.left}px` }}>
          +{left}
        </p>
      )}
    </div>
  );
}

/** A flag, an arrow up, a bolt, a ring: told apart without their colour. Drawn anew each time: see shape.tsx. */
const DRAWINGS: Record<string, () => preact.JSX.Element> = {
  campaign: () => <path d="M5 3v19M5 4h14l-4 5 4 5H5z" />,
  release: () => <path d="M12 21V5M5 11.5L12 4l7 7.5" fill="none" />,
  outage: () => <path d="M14 2L4 14h6l-2 8L20 9.5h-7z" />,
  other: () => <circle cx="12" cy="12" r="7" />,
};

function Pin({ kind, left }: { kind: string; left: number }) {
  return (
    <svg class="trend-mark-pin" style={{ left: `${left}px` }} viewBox="0 0 24 24" aria-hidden="true">
      {(DRAWINGS[kind] || (DRAWINGS["other"] as () => preact.JSX.Element))()}
    </svg>
  );
}
