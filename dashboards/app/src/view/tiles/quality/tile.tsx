// What customers say: the figures side by side, each with its number of ratings, then how many of those
// asked have answered, then what they rate by itself.

import type { QualityValue } from "../../../opinion";
import { TEXT_MIN } from "../../box";
import { widthEm } from "../../measure";
import { BarList } from "../../parts/bar_list";
import { cellSize, FigureCell, wordsWidth } from "../../parts/figure_cell";
import { BETWEEN, Fitted } from "../../parts/fitted";
import { absence, Absent, Frame, headerHeight, noteHeight } from "../../parts/frame";
import type { TileProps } from "../../registry";
import { roomsFor } from "./rooms";
import "./style.css";

/** Between two figures, in units. */
const GAP = 24;
/** Above and below all of it. */
const AIR = 20;
const DIGITS_MAX = 120;

export function QualityTile(props: TileProps<QualityValue>) {
  const { layout, value, box, strings } = props;
  const absent = absence(value, strings);
  const all = (value && value.figures) || [];
  const dimensions = (value && value.dimensions) || [];
  if (absent || !value || (all.length === 0 && dimensions.length === 0)) {
    return (
      <Frame {...props}>
        <Absent text={absent ? absent.text : "—"} words={(value && value.empty) || (absent ? absent.words : "")} />
      </Frame>
    );
  }
  const width = box.width / box.unit;
  // Of how many ratings a figure is must be readable: rather fewer figures than half of their words.
  const widest = Math.max(0, ...all.map((part) => wordsWidth(part.name, part)));
  const figures = all.slice(0, Math.max(1, Math.floor((width + GAP) / (widest + GAP))));
  const answered = (value.response || "").split(BETWEEN)[0] || "";
  const hasResponse = answered !== "" && widthEm(answered, 400, "text") * TEXT_MIN <= width;
  const height = box.height / box.unit - headerHeight(layout, box) - noteHeight(value) - AIR;
  const rooms = roomsFor(height, figures.length, hasResponse, dimensions.length, figures.some((part) => Boolean(part.word)));
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
