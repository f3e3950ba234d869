// One number of several channels, queues or topics, as bars.

import type { Bar, BarsValue } from "../../../protocol";
import { widthEm } from "../../measure";
import { absence, Absent, Frame, headerHeight, noteHeight } from "../../parts/frame";
import { firstRows } from "../../parts/first_rows";
import { Shape } from "../../parts/shape";
import type { TileProps } from "../../registry";
import "./style.css";

/** The most that names take of the width; a bar must have room beside them. */
const NAMES_SHARE_MAX = 0.52;
/** Padding beside names and values, and a shape, in em. */
const PADDING_EM = 0.75;
const SHAPE_EM = 1.15;
/** Before a name is cut, text becomes as small as this, in units. */
const TEXT_LEAST = 28;

export function BarsTile(props: TileProps<BarsValue>) {
  const { layout, value, box, strings } = props;
  const absent = absence(value, strings);
  if (absent || !value || !value.bars || value.bars.length === 0) {
    return (
      <Frame {...props}>
        <Absent text={absent ? absent.text : "—"} words={absent ? absent.words : strings.noDataYet} />
      </Frame>
    );
  }
  const room = box.height / box.unit - headerHeight(layout, box) - noteHeight(value);
  const rows = firstRows(room, value.bars.length, value.more || 0);
  const bars = value.bars.slice(0, rows.shown);
  const isMarked = bars.some((bar) => bar.tone === "warn" || bar.tone === "bad");
  const longest = Math.max(...bars.map((bar) => widthEm(bar.name, 500, "text"))) + PADDING_EM;
  const values = Math.max(...bars.map((bar) => widthEm(bar.text, 600, "text"))) + PADDING_EM + (isMarked ? SHAPE_EM : 0);
  // Smaller before a name is cut.
  const whole = (NAMES_SHARE_MAX * box.width) / longest / box.unit;
  const size = Math.max(Math.min(rows.textSize, TEXT_LEAST), Math.min(rows.textSize, whole));
  const [em, names] = [size * box.unit, longest];
  const widths = { name: `${Math.min(names * em, box.width * NAMES_SHARE_MAX)}px`, value: `${values * em}px` };
  const height = `${rows.height * box.unit}px`;
  return (
    <Frame {...props}>
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
    </Frame>
  );
}

function Row({ bar, widths, height }: { bar: Bar; widths: { name: string; value: string }; height: string }) {
  const tone = bar.tone || "plain";
  return (
    <div class={`bar tone-${tone}`} style={{ height }}>
      <span class="bar-name" style={{ width: widths.name }}>
        {bar.name}
      </span>
      <div class="bar-track">
        <div class="bar-fill" style={{ width: `${100 * Math.max(0, Math.min(1, bar.share))}%` }} />
      </div>
      <span class="bar-value" style={{ width: widths.value }}>
        {(tone === "warn" || tone === "bad") && <Shape name={tone} />}
        {bar.text}
      </span>
    </div>
  );
}
