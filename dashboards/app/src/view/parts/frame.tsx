// What all tiles share: panel, title, tone badge, and the words for a value that isn't there.

import type { ComponentChildren } from "preact";
import type { Strings } from "../../i18n/strings";
import type { TileLayout, TileValue, Tone } from "../../protocol";
import { TEXT_MIN, type Box } from "../box";
import { Fitted, fittedText } from "./fitted";
import { badgeWidth, headOf, TITLE_HEIGHT } from "./head";
import { widthEm } from "../measure";
import { iconOf, Shape, type ShapeName } from "./shape";

export { TITLE_HEIGHT };
/** Height in units, as the style sheet has it. */
export const FOOTER_HEIGHT = 34;
/** The width of a note's shape with its margin, in units. */
const NOTE_SHAPE = 42;

/** Between a badge and the text beside it, in units. */
const ASIDE_GAP = 24;

/** A tile this wide (in units) has more room for the rest. */
const WIDE_FROM = 560;

export function isWide(box: Box): boolean {
  return box.width / box.unit >= WIDE_FROM;
}

/** The height of a tile's head in units, with the words of its badge or the text at its right end. */
export function headerHeight(layout: TileLayout, box: Box, badge = "", aside = ""): number {
  return headOf(layout, box, endWidth(badge, aside), Boolean(badge)).height;
}

/** What stands at the head's right end, in units. */
function endWidth(badge: string, aside: string): number {
  return badgeWidth(badge) + asideWidth(aside) + (badge && aside ? ASIDE_GAP : 0);
}

function asideWidth(aside: string): number {
  return aside ? widthEm(aside, 400, "text") * TEXT_MIN : 0;
}

interface FrameProps {
  layout: TileLayout;
  value: TileValue | null;
  box: Box;
  strings: Strings;
  /** Words for the tone; the tone badge is left out when empty. */
  badge?: string;
  /** A text at the header's right end, after the badge. */
  aside?: string | undefined;
  /** The longest that text may become: the head keeps the room for it. */
  asideRoom?: string;
  footer?: string | undefined;
  children: ComponentChildren;
}

export function toneOf(value: TileValue | null): Tone {
  return value && (value.state === "live" || value.state === "late") && value.tone ? value.tone : "plain";
}

/** The word beside the tone's shape: only the server knows whether a number is late, low or too many. */
export function toneWord(value: TileValue | null): string {
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

/** The words of the rule that holds in a tile of rows: of which row, where there is room to say it. */
export function callOf(value: TileValue | null, layout: TileLayout, box: Box, aside = ""): string {
  if (!value || !value.alarm || toneOf(value) === "plain" || !value.word) return "";
  const whole = value.word_of ? `${value.word_of}: ${value.word}` : value.word;
  const { badge, height } = headOf(layout, box, endWidth(whole, aside));
  const least = headOf(layout, box, endWidth(value.word, aside));
  return badge === "title" && height <= least.height ? whole : value.word;
}

export function shapeOf(tone: Tone): ShapeName {
  return tone === "plain" ? "none" : tone;
}

/** The shape beside a value's word: its rule's, else its tone's. */
export function shapeBeside(value: TileValue | null): ShapeName {
  return iconOf((value && value.alarm && value.alarm.icon) || undefined) || shapeOf(toneOf(value));
}

function fitsNote(words: string, box: Box): boolean {
  return widthEm(words, 400, "text") * TEXT_MIN + NOTE_SHAPE <= box.width / box.unit;
}

export function Frame({ layout, value, box, strings, badge, aside, asideRoom, footer, children }: FrameProps) {
  const tone = toneOf(value);
  const state = value ? value.state : "no_data";
  // Which channel is missing is said once, in the channel strip: a value that is behind has a hatched
  // corner, and the words for who points at it.
  const behind = state === "late" ? strings.late : state === "stale" ? strings.stale : "";
  const note = noteOf(value);
  const why = behind && value && value.note ? `${behind}: ${value.note}` : behind;
  const badgePlace = endWidth(badge || "", asideRoom || aside || "");
  const head = headOf(layout, box, badgePlace, Boolean(badge));
  const end = (badge || aside) && (
    <div class="end">
      {badge && <Badge shape={shapeBeside(value)} words={badge} />}
      {aside && <p class="aside figures">{aside}</p>}
    </div>
  );
  const subtitleText = head.subtitle === "below" ? fittedText(layout.subtitle || "", head.subtitleWidth) : layout.subtitle;
  const subtitle = layout.subtitle && <span class="subtitle">{subtitleText}</span>;
  const titleStyle = { fontSize: `${head.titleSize * box.unit}px` };
  return (
    <section class={`panel tone-${tone} state-${state}`} title={why || undefined}>
      {head.height > 0 && (
        <header class="head">
          <div class="names">
            <h2 class={head.titleLines > 1 ? "title two-lines" : "title"} style={titleStyle}>
              {layout.title}
            </h2>
            {head.subtitle === "beside" && subtitle}
            {head.badge === "title" && end}
          </div>
          {(head.subtitle === "below" || head.badge === "subtitle") && (
            <div class="names">
              {subtitle}
              {head.badge === "subtitle" && end}
            </div>
          )}
          {head.badge === "own" && <div class="names">{end}</div>}
        </header>
      )}
      <div class="body">{children}</div>
      {(note || footer) && (
        <footer class="foot">
          {note && (
            <p class="note">
              <Shape name="warn" />
              <Fitted class="text" text={note} width={box.width - NOTE_SHAPE * box.unit} box={box} />
            </p>
          )}
          {footer && (!note || fitsNote(`${note} · ${footer}`, box)) && <Fitted class="detail" text={footer} width={box.width} box={box} />}
        </footer>
      )}
      {behind && <i class="behind" />}
    </section>
  );
}

/** Shape and words, side by side whatever their line. */
function Badge({ shape, words }: { shape: ShapeName; words: string }) {
  return (
    <p class="badge">
      <Shape name={shape} />
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
