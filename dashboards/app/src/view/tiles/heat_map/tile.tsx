// The hours of the week: weekday by hour, the fuller the lighter, with the number where it fits.

import type { HeatCell, HeatMapValue } from "../../../protocol";
import { TEXT_MIN } from "../../box";
import { widthEm } from "../../measure";
import { absence, Absent, Frame, headerHeight, noteHeight } from "../../parts/frame";
import type { TileProps } from "../../registry";
import { shadeOf } from "./shade";
import "./style.css";

/** In units. */
const HEAD_HEIGHT = 38;
const DAY_SIZE = 28;
const DAY_MARGIN = 12;
const TEXT_LARGEST = 30;
/** What a cell leaves free beside its text. */
const CELL_FREE = 12;

export function HeatMapTile(props: TileProps<HeatMapValue>) {
  const { layout, value, box, strings } = props;
  const absent = absence(value, strings);
  const rows = (value && value.rows) || [];
  const hours = rows[0] ? rows[0].cells.length : 0;
  if (absent || !value || hours === 0) {
    return (
      <Frame {...props}>
        <Absent text={absent ? absent.text : "—"} words={absent ? absent.words : strings.noDataYet} />
      </Frame>
    );
  }
  const room = box.height / box.unit - headerHeight(layout, box) - HEAD_HEIGHT - noteHeight(value);
  const days = Math.max(...rows.map((row) => widthEm(row.day, 400, "text"))) * DAY_SIZE + DAY_MARGIN;
  const cell = { width: (box.width / box.unit - days) / hours - CELL_FREE, height: room / rows.length };
  const widest = Math.max(...rows.map((row) => Math.max(...row.cells.map((one) => widthEm(one.text || "", 500, "text")))));
  const size = Math.floor(Math.min(TEXT_LARGEST, cell.height * 0.6, cell.width / Math.max(0.5, widest)));
  const from = value.from_hour || 0;
  // Heads that would touch are left out: every second, every third.
  const step = Math.ceil((2 * widthEm("0", 400, "text") * TEXT_MIN) / Math.max(1, cell.width));
  const day = { width: `${days * box.unit}px` };
  return (
    <Frame {...props}>
      <div class="heat figures">
        <div class="heat-row heat-head" style={{ height: `${HEAD_HEIGHT * box.unit}px` }}>
          <span class="heat-day" style={day} />
          {rows[0] &&
            rows[0].cells.map((_, place) => (
              <span key={place} class="heat-cell">
                {place % step === 0 ? from + place : ""}
              </span>
            ))}
        </div>
        {rows.map((row) => (
          <div key={row.day} class="heat-row" style={{ height: `${cell.height * box.unit}px` }}>
            <span class="heat-day" style={day}>
              {row.day}
            </span>
            {row.cells.map((one, place) => (
              <Cell key={place} cell={one} size={size >= TEXT_MIN ? size * box.unit : 0} />
            ))}
          </div>
        ))}
      </div>
    </Frame>
  );
}

/** A `size` of 0 shows no text. */
function Cell({ cell, size }: { cell: HeatCell; size: number }) {
  if (typeof cell.level !== "number") return <span class="heat-cell" />;
  const { background, color } = shadeOf(cell.level, cell.tone);
  return (
    <span class={`heat-cell${cell.tone === "warn" ? " is-missed" : ""}`} style={{ background, color, fontSize: `${size}px` }}>
      {size > 0 ? cell.text : ""}
    </span>
  );
}
