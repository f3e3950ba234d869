// A figure among others of its tile: its title above it, what it is of below.

import type { FigurePart } from "../../opinion";
import { TEXT_MIN, type Box } from "../box";
import { widthEm } from "../measure";
import { Figure, sizeForWidth } from "./figure";
import { DIGIT_HEIGHT_EM } from "./fit";
import { Fitted } from "./fitted";
import { iconOf, Shape } from "./shape";
import "./figure_cell.css";

/** Heights in units, as the style sheet has them. */
const LINE = 36;
/** Above and below the digits. */
const AIR = 24;
/** Digits no larger than this need no lines beside them. */
const DIGITS_LEAST = 40;
const SHAPE = 36;

interface Lines {
  word: boolean;
  detail: boolean;
}

interface CellProps {
  title: string;
  part: FigurePart;
  /** The room, in units. */
  width: number;
  height: number;
  /** Of the digits, in pixels; else as large as they can be. */
  size?: number;
  box: Box;
}

/** Which lines have room below the digits. */
function linesOf(part: FigurePart, height: number): Lines {
  const room = (count: number) => height - AIR - (count + 1) * LINE >= DIGITS_LEAST;
  const word = Boolean(part.word) && room(1);
  const detail = Boolean(part.detail) && room(word ? 2 : 1);
  return { word, detail };
}

/** The largest size of a cell's digits, in pixels; `largest` is in units. */
export function cellSize(part: FigurePart, width: number, height: number, box: Box, largest: number): number {
  const lines = linesOf(part, height);
  const high = (height - AIR - (1 + Number(lines.word) + Number(lines.detail)) * LINE) / DIGIT_HEIGHT_EM;
  const size = Math.min(largest * box.unit, high * box.unit, sizeForWidth(part.text, part.unit || "", width * box.unit - 2, box));
  return Math.max(TEXT_MIN * box.unit, Math.floor(size));
}

export function FigureCell({ title, part, width, height, size, box }: CellProps) {
  const lines = linesOf(part, height);
  const tone = part.tone || "plain";
  const isMarked = tone === "warn" || tone === "bad";
  const room = width * box.unit;
  const digits = size || cellSize(part, width, height, box, Infinity);
  const wordRoom = isMarked ? room - SHAPE * box.unit : room;
  const isAbsent = part.text === "–";
  return (
    <div class={`cell tone-${tone}${isAbsent ? " cell-absent" : ""}`} style={{ width: `${room}px`, height: `${height * box.unit}px` }}>
      <p class="cell-title">
        <Fitted class="text" text={title} width={room} box={box} />
      </p>
      <div class="cell-room">
        <p class="figure" style={{ fontSize: `${digits}px` }}>
          <Figure text={part.text} unit={part.unit || ""} size={digits} box={box} />
        </p>
      </div>
      {lines.word && (
        <p class="cell-line cell-word">
          {isMarked && <Shape name={iconOf(part.icon) || (tone as "warn" | "bad")} />}
          <Fitted class="text" text={part.word || ""} width={wordRoom} box={box} />
        </p>
      )}
      {lines.detail && (
        <p class="cell-line">
          <Fitted class="text figures" text={part.detail || ""} width={room} box={box} />
        </p>
      )}
    </div>
  );
}

/** How wide a cell's words are, in units: less would cut them. */
export function wordsWidth(title: string, part: FigurePart): number {
  return Math.max(widthOf(title), widthOf(part.detail || ""), part.word ? widthOf(part.word) + SHAPE : 0);
}

function widthOf(text: string): number {
  return widthEm(text, 500, "text") * TEXT_MIN;
}
