// How many agents are there, and how many it takes now and in the next hours. The line is who is there:
// a column above it needs more.

import type { StaffingColumn, StaffingValue } from "../../../protocol";
import { TEXT_MIN } from "../../box";
import { widthEm } from "../../measure";
import { absence, Absent, Frame, headerHeight, noteHeight, toneOf } from "../../parts/frame";
import type { TileProps } from "../../registry";
import { columnsFor, type Shown } from "./columns";
import "./style.css";

export function StaffingTile(props: TileProps<StaffingValue>) {
  const { layout, value, box, strings } = props;
  const absent = absence(value, strings);
  const columns = (value && value.columns) || [];
  if (absent || !value || columns.length === 0) {
    return (
      <Frame {...props}>
        <Absent text={absent ? absent.text : "—"} words={absent ? absent.words : strings.noDataYet} />
      </Frame>
    );
  }
  const badge = (toneOf(value) !== "plain" && value.word) || "";
  const height = box.height / box.unit - headerHeight(layout, box, badge) - noteHeight(value);
  const words = [value.present_word || "", value.needed_word || ""];
  const texts = columns.map((column) => [column.from, figureOf(column.needed)].map((text) => widthEm(text, 600)));
  const shown = columnsFor(box.width / box.unit, height, texts, Math.max(...words.map((word) => widthEm(word, 400, "text"))));
  return (
    <Frame {...props} badge={badge}>
      <div class="staffing figures" style={{ height: `${height * box.unit}px` }}>
        <div class="staffing-present" style={{ width: `${shown.side * box.unit}px` }}>
          <p class="staffing-count" style={{ fontSize: `${shown.figure * box.unit}px` }}>
            {figureOf(value.present)}
          </p>
          <p class="staffing-word">{words[0]}</p>
          {shown.isTall && (
            <p class="staffing-needed">
              {figureOf(columns[0] && columns[0].needed)} {words[1]}
            </p>
          )}
        </div>
        <div class="staffing-columns">
          {columns.slice(0, shown.count).map((column, place) => (
            <Column key={place} column={column} shown={shown} unit={box.unit} isNow={place === 0} />
          ))}
          {typeof value.level === "number" && (
            <i
              class="staffing-line"
              style={{ bottom: `${(shown.foot + value.level * shown.bars) * box.unit}px` }}
            />
          )}
        </div>
      </div>
    </Frame>
  );
}

interface ColumnProps {
  column: StaffingColumn;
  shown: Shown;
  unit: number;
  isNow: boolean;
}

function Column({ column, shown, unit, isNow }: ColumnProps) {
  return (
    <div class={isNow ? "staffing-column staffing-now" : "staffing-column"} style={{ width: `${100 / shown.count}%` }}>
      <p class="staffing-figure" style={{ fontSize: `${shown.text * unit}px` }}>
        {figureOf(column.needed)}
      </p>
      <div class="staffing-bar" style={{ height: `${Math.max(2, column.level * shown.bars) * unit}px` }} />
      <p class="staffing-from" style={{ fontSize: `${TEXT_MIN * unit}px` }}>
        {column.from}
      </p>
    </div>
  );
}

function figureOf(count: number | undefined): string {
  return typeof count === "number" ? String(count) : "—";
}
