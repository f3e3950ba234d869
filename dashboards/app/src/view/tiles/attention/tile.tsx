// What the public says: mentions against what is usual, who waits where everybody sees it, and how it
// sounds.

import type { AttentionPart, AttentionValue, MoodPart } from "../../../opinion";
import { TEXT_MIN, type Box } from "../../box";
import { widthEm } from "../../measure";
import { cellSize, FigureCell } from "../../parts/figure_cell";
import { Fitted } from "../../parts/fitted";
import { absence, Absent, callOf, Frame, headerHeight, noteHeight } from "../../parts/frame";
import type { TileProps } from "../../registry";
import "./style.css";

/** In units, as the style sheet has them. */
const MOOD_HEIGHT = 120;
const SIGN = 28;
const WORD_MARGIN = 28;
/** With less height than this the tone is left out. */
const MOOD_FROM = 300;
/** Mentions stand beside those who wait in a tile so wide; else all stand in one column. */
const WIDE_FROM = 600;
const GAP = 36;
/** Above and below all of it. */
const AIR = 16;
const DIGITS_MAX = 150;
/** Two stand one below the other beside the mentions: smaller, and both of one size. */
const DIGITS_BESIDE = 84;
/** A title and digits that can be read from afar. */
const CELL_LEAST = 104;

export function AttentionTile(props: TileProps<AttentionValue>) {
  const { layout, value, box, strings } = props;
  const absent = absence(value, strings);
  const waiting = (value && value.waiting) || [];
  if (absent || !value) {
    return (
      <Frame {...props}>
        <Absent text={absent ? absent.text : "—"} words={(value && value.empty) || (absent ? absent.words : "")} />
      </Frame>
    );
  }
  const width = box.width / box.unit;
  const badge = callOf(value, layout, box);
  const height = box.height / box.unit - headerHeight(layout, box, badge) - noteHeight(value) - AIR;
  const mood = height >= MOOD_FROM ? value.mood : undefined;
  const room = height - (mood ? MOOD_HEIGHT : 0);
  const isWide = width >= WIDE_FROM && value.mentions !== undefined;
  const half = (width - GAP) / 2;
  const all = isWide ? waiting : [value.mentions, ...waiting].filter(isThere);
  const column = all.slice(0, Math.max(1, Math.floor(room / CELL_LEAST)));
  const [cell, cellHeight] = [isWide ? half : width, room / Math.max(1, column.length)];
  const size = Math.min(...column.map((part) => cellSize(part, cell, cellHeight, box, DIGITS_BESIDE)));
  return (
    <Frame {...props} badge={badge}>
      <div class="attention">
        {isWide && value.mentions && (
          <FigureCell
            title={value.mentions.title}
            part={value.mentions}
            width={half}
            height={room}
            size={cellSize(value.mentions, half, room, box, DIGITS_MAX)}
            box={box}
          />
        )}
        <div class="attention-lines">
          {column.map((part, place) => (
            <FigureCell key={place} title={part.title} part={part} width={cell} height={cellHeight} size={size} box={box} />
          ))}
        </div>
      </div>
      {mood && <Mood mood={mood} box={box} />}
    </Frame>
  );
}

function isThere(part: AttentionPart | undefined): part is AttentionPart {
  return part !== undefined;
}

function Mood({ mood, box }: { mood: NonNullable<AttentionValue["mood"]>; box: Box }) {
  // Criticism first: what finds no room is the rest.
  const parts = mood.parts.slice().reverse();
  return (
    <div class="mood">
      <p class="mood-title">
        <Fitted class="text" text={parts.length > 0 ? mood.title : [mood.title, mood.empty].filter(Boolean).join(" · ")} width={box.width} box={box} />
      </p>
      <div class="mood-bar">
        {parts.map((part) => (
          <div key={part.id} class={`mood-part mood-${part.id}`} style={{ width: `${100 * part.share}%` }} />
        ))}
      </div>
      <p class="mood-words figures">
        {fitting(parts, box).map((part) => (
          <Word key={part.id} part={part} />
        ))}
      </p>
    </div>
  );
}

function Word({ part }: { part: MoodPart }) {
  return [
    <i key="sign" class={`mood-sign mood-${part.id}`} />,
    <span key="word" class="mood-word">
      {part.text} {part.word}
    </span>,
  ];
}

/** Whole words only. */
function fitting(parts: MoodPart[], box: Box): MoodPart[] {
  const wide = (part: MoodPart) => widthEm(`${part.text} ${part.word}`, 400, "text") * TEXT_MIN + SIGN + WORD_MARGIN;
  const kept = parts.slice();
  while (kept.length > 1 && kept.reduce((sum, part) => sum + wide(part), -WORD_MARGIN) > box.width / box.unit) kept.pop();
  return kept;
}
