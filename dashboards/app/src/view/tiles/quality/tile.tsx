// What customers say: the figures side by side, each with its number of ratings, then how many of those
// asked have answered, then what they rate by itself.

import type { QualityValue } from "../../../protocol";
import { BarList } from "../../parts/bar_list";
import { cellSize, FigureCell } from "../../parts/figure_cell";
import { Fitted } from "../../parts/fitted";
import { absence, Absent, Frame, headerHeight, noteHeight } from "../../parts/frame";
import type { TileProps } from "../../registry";
import { roomsFor } from "./rooms";
import "./style.css";

/** Between two figures, in units. */
const GAP = 24;
const DIGITS_MAX = 120;

export function QualityTile(props: TileProps<QualityValue>) {
  const { layout, value, box, strings } = props;
  const absent = absence(value, strings);
  const figures = (value && value.figures) || [];
  const dimensions = (value && value.dimensions) || [];
  if (absent || !value || (figures.length === 0 && dimensions.length === 0)) {
    return (
      <Frame {...props}>
        <Absent text={absent ? absent.text : "—"} words={(value && value.empty) || (absent ? absent.words : "")} />
      </Frame>
    );
  }
  const width = box.width / box.unit;
  const height = box.height / box.unit - headerHeight(layout, box) - noteHeight(value);
  const rooms = roomsFor(height, figures.length, Boolean(value.response), dimensions.length);
  const cell = (width - GAP * (figures.length - 1)) / Math.max(1, figures.length);
  // Figures of one tile are of one size.
  const size = Math.min(...figures.map((part) => cellSize(part, cell, rooms.figures, box, DIGITS_MAX)));
  return (
    <Frame {...props}>
      {figures.length > 0 && (
        <div class="quality">
          {figures.map((part, place) => (
            <FigureCell key={place} title={part.name} part={part} width={cell} height={rooms.figures} size={size} box={box} />
          ))}
        </div>
      )}
      {rooms.response > 0 && (
        <p class="quality-response">
          <Fitted class="text figures" text={value.response || ""} width={box.width} box={box} />
        </p>
      )}
      {rooms.dimensions > 0 && (
        <div class="quality-rows">
          <BarList bars={dimensions} more={value.more || 0} room={rooms.dimensions} box={box} strings={strings} />
        </div>
      )}
    </Frame>
  );
}
