// What all tiles share: panel, title, tone badge, and the words for a value that isn't there.

import type { ComponentChildren } from "preact";
import type { Strings } from "../../i18n/strings";
import type { NumberValue, TileLayout, TileValue, Tone } from "../../protocol";
import { TEXT_MIN, type Box } from "../box";
import { widthEm } from "../measure";
import { Fitted } from "./fitted";
import { Shape, type ShapeName } from "./shape";

/** Heights in units, as the style sheet has them. */
export const TITLE_HEIGHT = 34;
export const SUBTITLE_HEIGHT = 27;
export const FOOTER_HEIGHT = 32;
/** The width of a note's shape with its margin, in units. */
const NOTE_SHAPE = 34;
/** The badge's shape with its margins, in units. */
const BADGE_SHAPE = 54;
/** Text sizes in units, as the style sheet has them. */
const TITLE_SIZE = 25;
const BADGE_SIZE = 22;

/** A tile this wide (in units) has its subtitle beside the title, and more room for the rest. */
const WIDE_FROM = 560;

export function isWide(box: Box): boolean {
  return box.width / box.unit >= WIDE_FROM;
}

export function headerHeight(layout: TileLayout, box: Box): number {
  if (!layout.title && !layout.subtitle) return 0;
  return TITLE_HEIGHT + (layout.subtitle && !isWide(box) ? SUBTITLE_HEIGHT : 0);
}

interface FrameProps {
  layout: TileLayout;
  value: TileValue | null;
  box: Box;
  strings: Strings;
  /** Words for the tone; the tone badge is left out when empty. */
  badge?: string;
  /** Something at the header's right end instead of a badge. */
  aside?: ComponentChildren;
  footer?: string | undefined;
  children: ComponentChildren;
}

export function toneOf(value: TileValue | null): Tone {
  return value && (value.state === "live" || value.state === "late") && value.tone ? value.tone : "plain";
}

/** The word beside the tone's shape: only the server knows whether a number is late, low or too many. */
export function toneWord(value: NumberValue | null): string {
  return (toneOf(value) !== "plain" && value && value.word) || "";
}

/** The note that stands at a tile's foot; that of a value that is behind does not. */
function noteOf(value: TileValue | null): string {
  if (!value || value.state === "late" || value.state === "stale") return "";
  return value.note || "";
}

/** The height of the foot of a tile that has one only for its note. */
export function noteHeight(value: TileValue | null): number {
  return noteOf(value) ? FOOTER_HEIGHT : 0;
}

export function shapeOf(tone: Tone): ShapeName {
  return tone === "plain" ? "none" : tone;
}

export function Frame({ layout, value, box, strings, badge, aside, footer, children }: FrameProps) {
  const tone = toneOf(value);
  const state = value ? value.state : "no_data";
  // Which channel is missing is said once, in the channel strip: a value that is behind has a hatched
  // corner, and the words for who points at it.
  const behind = state === "late" ? strings.late : state === "stale" ? strings.stale : "";
  const note = noteOf(value);
  const why = behind && value && value.note ? `${behind}: ${value.note}` : behind;
  const badgeWidth = badge ? (widthEm(badge, 500, "text") * BADGE_SIZE + BADGE_SHAPE) * box.unit : 0;
  const titleWidth = widthEm(layout.title || "", 500, "text") * TITLE_SIZE * box.unit;
  const wordsBelow = !isWide(box) && Boolean(layout.subtitle) && titleWidth + badgeWidth > box.width;
  // Beside the title the style sheet cuts it; below, it ends where the badge's words begin.
  const subtitleWidth = isWide(box) ? Infinity : box.width - (wordsBelow ? badgeWidth : 0);
  const besideTitle = wordsBelow ? BADGE_SHAPE * box.unit : badgeWidth;
  const subtitle = layout.subtitle && (
    <Fitted class="subtitle" text={layout.subtitle} width={subtitleWidth} largest={TEXT_MIN} box={box} />
  );
  return (
    <section class={`panel tone-${tone} state-${state}`} title={why || undefined}>
      {(layout.title || layout.subtitle) && (
        <header class="head">
          <div class={isWide(box) ? "names beside" : "names"}>
            <h2 class={titleWidth + besideTitle > box.width ? "title long" : "title"}>{layout.title}</h2>
            {isWide(box) && subtitle}
          </div>
          {badge ? <Badge tone={tone} words={badge} below={wordsBelow} /> : aside}
        </header>
      )}
      {!isWide(box) && subtitle}
      <div class="body">{children}</div>
      {(note || footer) && (
        <footer class="foot">
          {note && (
            <p class="note">
              <Shape name="warn" />
              <Fitted class="text" text={note} width={box.width - NOTE_SHAPE * box.unit} box={box} />
            </p>
          )}
          {footer && (!note || isWide(box)) && (
            <Fitted class="detail" text={footer} width={note ? box.width / 2 : box.width} box={box} />
          )}
        </footer>
      )}
      {behind && <i class="behind" />}
    </section>
  );
}

/** Shape and words; a title that needs the whole line sends the words to the line below. */
function Badge({ tone, words, below }: { tone: Tone; words: string; below: boolean }) {
  return (
    <p class={below ? "badge below" : "badge"}>
      <Shape name={shapeOf(tone)} />
      <span class="badge-words">{words}</span>
    </p>
  );
}

/** The figure and words of a value that isn't there; null when it is. */
export function absence(value: TileValue | null, strings: Strings): { text: string; words: string } | null {
  switch (value ? value.state : "no_data") {
    case "no_data":
      return { text: "—", words: strings.noDataYet };
    case "not_applicable":
      return { text: strings.notApplicable, words: strings.notApplicableLong };
    case "concealed":
      return { text: "•••", words: strings.concealed };
    default:
      return null;
  }
}

/** For tiles without a figure: says in the middle why there is nothing. */
export function Absent({ text, words }: { text: string; words: string }) {
  return (
    <div class="absent">
      <p class="absent-text">{text}</p>
      <p class="absent-words">{words}</p>
    </div>
  );
}
