// One cell per channel: is its feed alive, since when is it not and why, how much came in.
// The age runs by itself between two frames, from the server's clock, and calmly.

import type { ChannelEntry, ChannelStripValue, Health } from "../../../protocol";
import type { Strings } from "../../../i18n/strings";
import { TEXT_MIN } from "../../box";
import { pageStart, usePage } from "../../paging";
import { absence, Absent, Frame, headerHeight, noteHeight } from "../../parts/frame";
import { Shape, type ShapeName } from "../../parts/shape";
import type { TileProps } from "../../registry";
import { widthEm } from "../../measure";
import { hoursMinutes } from "../../sitetime";
import { useBeat } from "../../ticker";
import { BEAT_MS, useAges, type Age } from "./age";
import { cellsFor, type Look, type Needs } from "./cells";
import { stateWords, type StateWords } from "./state";
import "./style.css";

/** Widths and sizes in units, as the style sheet has them. */
const NAME_SHAPE = 40;
const VOLUME_SIZE = { cells: 58, compact: 30, lines: 34 };
const GAP = 14;
const CELL_PADDING = 36;
/** The room for a bare age on a line. */
const LINE_AGE_WIDTH = 140;
/** A longer name ends in an ellipsis rather than push the others to another page. */
const NAME_EM_MAX = 11;
const PAGE_PATTERN = "00 / 00";

const LOOK: Record<Health, { tone: string; shape: ShapeName }> = {
  live: { tone: "good", shape: "good" },
  late: { tone: "warn", shape: "warn" },
  silent: { tone: "bad", shape: "bad" },
  no_data: { tone: "plain", shape: "none" },
};

export function ChannelStripTile(props: TileProps<ChannelStripValue>) {
  const { layout, value, board, box, strings, clock } = props;
  // Nothing on an old picture is live, and an age in it is none.
  const old = clock.isPictureOld() ? { utcOffsetMs: board.utc_offset_ms || 0 } : null;
  const absent = absence(value, strings);
  const channels = (!absent && value && value.channels) || [];
  const now = useBeat(clock, BEAT_MS);
  const ageFor = useAges(channels, now);
  const footer = noteHeight(value);
  const width = box.width / box.unit;
  const room = box.height / box.unit - headerHeight(layout, box, "", PAGE_PATTERN) - footer;
  const needs = needsOf(channels, strings);
  const cells = cellsFor(width, room, channels.length, needs);
  const page = usePage(cells.pages.count);
  if (channels.length === 0) {
    return (
      <Frame {...props}>
        <Absent text={absent ? absent.text : "—"} words={absent ? absent.words : strings.noDataYet} />
      </Frame>
    );
  }
  const size = { width: `${100 / cells.across}%`, height: `${Math.floor((room * box.unit) / cells.down)}px` };
  // On a line the name gets its width first, then the age its words.
  const ageWords = Math.max(0, Math.min(widthEm(strings.ago(50, "min"), 400, "text") * TEXT_MIN + 2 * GAP - LINE_AGE_WIDTH, width - needs.lines));
  const lineState = healthWidth(channels, strings) + LINE_AGE_WIDTH + ageWords;
  const stateWidth = cells.look === "lines" ? lineState : width / cells.across - CELL_PADDING;
  const start = pageStart(cells.pages, page, channels.length);
  const shown = channels.slice(start, start + cells.pages.each);
  const aside = cells.pages.count > 1 ? `${page + 1} / ${cells.pages.count}` : "";
  return (
    <Frame {...props} aside={aside} asideRoom={PAGE_PATTERN}>
      <div class={`channels channels-${cells.look}`}>
        {shown.map((channel, index) => (
          <Channel key={channel.name} channel={channel} first={index % cells.across === 0} age={ageFor(channel.name)} now={now} old={old} strings={strings} size={size} stateWidth={stateWidth} unit={box.unit} look={cells.look} />
        ))}
      </div>
    </Frame>
  );
}

/** How wide the widest channel is in each look. */
function needsOf(channels: ChannelEntry[], strings: Strings): Needs {
  const most = (width: (channel: ChannelEntry) => number) => channels.reduce((least, one) => Math.max(least, width(one)), 0);
  const name = (channel: ChannelEntry) => NAME_SHAPE + Math.min(NAME_EM_MAX, widthEm(titleOf(channel), 500, "text")) * TEXT_MIN;
  const volume = (channel: ChannelEntry, look: Look) => GAP + widthEm(channel.volume || "—", 600) * VOLUME_SIZE[look];
  const health = healthWidth(channels, strings);
  return {
    cells: CELL_PADDING + Math.max(health, most((one) => Math.max(name(one), volume(one, "cells")))),
    compact: CELL_PADDING + Math.max(NAME_SHAPE + health, most((one) => name(one) + volume(one, "compact"))),
    lines: health + LINE_AGE_WIDTH + GAP + most((one) => name(one) + volume(one, "lines")),
  };
}

function healthWidth(channels: ChannelEntry[], strings: Strings): number {
  return channels.reduce((most, channel) => Math.max(most, widthEm(healthOf(channel, strings), 500, "text") * TEXT_MIN), 0);
}

/** The words that stand there however little room there is. */
function healthOf(channel: ChannelEntry, strings: Strings): string {
  return stateWords(channel, null, 0, strings, () => false).health;
}

function titleOf(channel: ChannelEntry): string {
  return channel.title || channel.name;
}

interface ChannelProps {
  channel: ChannelEntry;
  /** Of its row. */
  first: boolean;
  age: Age | null;
  now: number;
  old: { utcOffsetMs: number } | null;
  strings: Strings;
  size: { width: string; height: string };
  /** The room for its state in words, in units. */
  stateWidth: number;
  unit: number;
  look: Look;
}

function Channel({ channel, first, age, now, old, strings, size, stateWidth, unit, look }: ChannelProps) {
  const { tone, shape } = (!old && LOOK[channel.health]) || LOOK.no_data;
  const room = stateWidth - (look === "compact" ? NAME_SHAPE : 0);
  const fits = ({ health, rest }: StateWords) =>
    (widthEm(health, 500, "text") + widthEm(rest, 400, "text")) * TEXT_MIN + (rest ? 2 * GAP : 0) <= room;
  const words = old
    ? staleWords(strings.stale, timeText(channel, old.utcOffsetMs), fits)
    : stateWords(channel, age, now, strings, fits);
  return (
    <div class={`channel${first ? " first" : ""} tone-${tone}`} style={size}>
      <p class="channel-name">
        <Shape name={shape} />
        <span class="text">{titleOf(channel)}</span>
      </p>
      <p class="channel-volume figures">{channel.volume || "—"}</p>
      <p class="channel-state" style={look === "lines" ? { width: `${stateWidth * unit}px` } : undefined}>
        <span class="channel-health">{words.health}</span>
        {words.rest && <span class="channel-age figures">{words.rest}</span>}
      </p>
    </div>
  );
}

/** On an old picture. The time is what the wall's own warning does not say, so it stays where one must go. */
function staleWords(stale: string, time: string, fits: (words: StateWords) => boolean): StateWords {
  const both = { health: stale, rest: time };
  return fits(both) || !time ? both : { health: time, rest: "" };
}

/** When it last said anything, by the clock: true for as long as the picture stays. */
function timeText(channel: ChannelEntry, utcOffsetMs: number): string {
  return typeof channel.last_event_ms === "number" ? hoursMinutes(channel.last_event_ms, utcOffsetMs) : "";
}
