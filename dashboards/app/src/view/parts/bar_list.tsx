// Names with a bar and a number each, and what the number is of where there is room for that.

import type { Strings } from "../../i18n/strings";
import type { Bar } from "../../protocol";
import type { Box } from "../box";
import { widthEm } from "../measure";
import { firstRows } from "./first_rows";
import { raisedClass } from "./list";
import { iconOf, Shape } from "./shape";
import "./bar_list.css";

/** The most that names take of the width; a bar must have room beside them. */
const NAMES_SHARE_MAX = 0.52;
/** Padding beside names and values, and a shape, in em. */
const PADDING_EM = 0.75;
const SHAPE_EM = 1.15;
/** Before a name is cut, text becomes as small as this, in units. */
const TEXT_LEAST = 28;
/** What is left for bars when details stand beside them, of the width. */
const TRACK_SHARE_MIN = 0.16;

interface Props {
  bars: Bar[];
  /** So many the server left out. */
  more: number;
  /** The height, in units. */
  room: number;
  box: Box;
  strings: Strings;
}

interface Widths {
  name: string;
  value: string;
  /** Empty where there is no room for details. */
  detail: string;
}

export function BarList({ bars: all, more, room, box, strings }: Props) {
  const rows = firstRows(room, all.length, more);
  const bars = all.slice(0, rows.shown);
  const isMarked = bars.some((bar) => bar.tone === "warn" || bar.tone === "bad");
  const longest = (text: (bar: Bar) => string, weight: 400 | 500 | 600) => Math.max(...bars.map((bar) => widthEm(text(bar), weight, "text"))) + PADDING_EM;
  const name = longest((bar) => bar.name, 500);
  const value = longest((bar) => bar.text, 600) + (isMarked ? SHAPE_EM : 0);
  const detail = bars.some((bar) => bar.detail) ? longest((bar) => bar.detail || "", 400) : 0;
  // Smaller before a name is cut.
  const whole = (NAMES_SHARE_MAX * box.width) / name / box.unit;
  const size = Math.max(Math.min(rows.textSize, TEXT_LEAST), Math.min(rows.textSize, whole));
  const em = size * box.unit;
  // Values are never cut.
  const names = Math.max(0, Math.min(name * em, box.width * NAMES_SHARE_MAX, box.width - value * em));
  const fits = detail > 0 && names + (value + detail) * em <= box.width * (1 - TRACK_SHARE_MIN);
  const widths = { name: `${names}px`, value: `${value * em}px`, detail: fits ? `${detail * em}px` : "" };
  const height = `${rows.height * box.unit}px`;
  return (
    <div class="bars figures" style={{ fontSize: `${em}px` }}>
      {bars.map((bar, place) => (
        <Row key={place} bar={bar} widths={widths} height={height} />
      ))}
      {rows.more > 0 && (
        <div class="bar bar-more" style={{ height }}>
          {strings.moreRows(rows.more)}
        </div>
      )}
    </div>
  );
}

function Row({ bar, widths, height }: { bar: Bar; widths: Widths; height: string }) {
  const tone = bar.tone || "plain";
  return (
    <div class={`bar tone-${tone} ${raisedClass(bar.raised)}`} style={{ height }}>
      <span class="bar-name" style={{ width: widths.name }}>
        {bar.name}
      </span>
      <div class="bar-track">
        <div class="bar-fill" style={{ width: `${100 * Math.max(0, Math.min(1, bar.share))}%` }} />
      </div>
      <span class="bar-value" style={{ width: widths.value }}>
        {(tone === "warn" || tone === "bad") && <Shape name={iconOf(bar.icon) || tone} />}
        {bar.text}
      </span>
      {widths.detail && (
        <span class="bar-detail" style={{ width: widths.detail }}>
          {bar.detail}
        </span>
      )}
    </div>
  );
}
