// One cell per channel: is its feed alive, since when is it not and why, how much came in.
// The age runs by itself between two frames, from the server's clock.

import type { ChannelEntry, ChannelStripValue, Health } from "../../../protocol";
import type { Strings } from "../../../i18n/strings";
import { absence, Absent, Frame, headerHeight, noteHeight } from "../../parts/frame";
import { Shape, type ShapeName } from "../../parts/shape";
import type { TileProps } from "../../registry";
import { widthEm } from "../../measure";
import { hoursMinutes } from "../../sitetime";
import { useSecond } from "../../ticker";
import { cellsFor } from "./cells";
import { stateWords, type StateWords } from "./state";
import "./style.css";

/** Widths and sizes in units, as the style sheet has them. */
const STATE_SIZE = 21;
const CELL_PADDING = 42;
const LINE_STATE_WIDTH = 190;
/** Between health and the rest, in widths of the letter m. */
const REST_GAP = 0.5;

const LOOK: Record<Health, { tone: string; shape: ShapeName }> = {
  live: { tone: "good", shape: "good" },
  late: { tone: "warn", shape: "warn" },
  silent: { tone: "bad", shape: "bad" },
  no_data: { tone: "plain", shape: "none" },
};

export function ChannelStripTile(props: TileProps<ChannelStripValue>) {
  const { layout, value, board, box, strings, clock } = props;
  const now = useSecond(clock);
  // Nothing on an old picture is live, and an age in it is none.
  const old = clock.isPictureOld() ? { utcOffsetMs: board.utc_offset_ms || 0 } : null;
  const absent = absence(value, strings);
  if (absent || !value || !value.channels || value.channels.length === 0) {
    return (
      <Frame {...props}>
        <Absent text={absent ? absent.text : "—"} words={absent ? absent.words : strings.noDataYet} />
      </Frame>
    );
  }
  const footer = noteHeight(value);
  const room = box.height / box.unit - headerHeight(layout, box) - footer;
  const cells = cellsFor(box.width / box.unit, room, value.channels.length);
  const size = { width: `${100 / cells.across}%`, height: `${(room * box.unit) / cells.down}px` };
  const width = cells.look === "lines" ? LINE_STATE_WIDTH : box.width / box.unit / cells.across - CELL_PADDING;
  return (
    <Frame {...props} aside={cells.more > 0 ? <p class="aside">{strings.moreChannels(cells.more)}</p> : undefined}>
      <div class={`channels channels-${cells.look}`}>
        {value.channels.slice(0, cells.shown).map((channel) => (
          <Channel key={channel.name} channel={channel} now={now} old={old} strings={strings} size={size} width={width} />
        ))}
      </div>
    </Frame>
  );
}

interface ChannelProps {
  channel: ChannelEntry;
  now: number;
  old: { utcOffsetMs: number } | null;
  strings: Strings;
  size: { width: string; height: string };
  /** The room for its state in words, in units. */
  width: number;
}

function Channel({ channel, now, old, strings, size, width }: ChannelProps) {
  const look = (!old && LOOK[channel.health]) || LOOK.no_data;
  const fits = (words: StateWords) =>
    widthEm(words.health, 500, "text") + (words.rest ? REST_GAP + widthEm(words.rest, 400, "text") : 0) <= width / STATE_SIZE;
  const words = old
    ? { health: strings.stale, rest: timeText(channel, old.utcOffsetMs) }
    : stateWords(channel, now, strings, fits);
  return (
    <div class={`channel tone-${look.tone}`} style={size}>
      <p class="channel-name">
        <Shape name={look.shape} />
        <span class="text">{channel.title || channel.name}</span>
      </p>
      <p class="channel-volume figures">{channel.volume || "—"}</p>
      <p class="channel-state">
        <span class="channel-health">{words.health}</span>
        <span class="channel-age figures">{words.rest}</span>
      </p>
    </div>
  );
}

/** When it last said anything, by the clock: true for as long as the picture stays. */
function timeText(channel: ChannelEntry, utcOffsetMs: number): string {
  return typeof channel.last_event_ms === "number" ? hoursMinutes(channel.last_event_ms, utcOffsetMs) : "";
}
