// One cell per channel: is its feed alive, when did it last say anything, how much came in.
// The age runs by itself between two frames, from the server's clock.

import type { ChannelEntry, ChannelStripValue, Health } from "../../../protocol";
import type { Strings } from "../../../i18n/strings";
import { absence, Absent, FOOTER_HEIGHT, Frame, headerHeight } from "../../parts/frame";
import { Shape, type ShapeName } from "../../parts/shape";
import type { TileProps } from "../../registry";
import { widthEm } from "../../measure";
import { useSecond } from "../../ticker";
import { ageOf } from "./age";
import { cellsFor } from "./cells";
import "./style.css";

/** Widths and sizes in units, as the style sheet has them. */
const STATE_SIZE = 21;
const CELL_PADDING = 42;
const LINE_STATE_WIDTH = 190;

const LOOK: Record<Health, { tone: string; shape: ShapeName }> = {
  live: { tone: "good", shape: "good" },
  late: { tone: "warn", shape: "warn" },
  silent: { tone: "bad", shape: "bad" },
  no_data: { tone: "plain", shape: "none" },
};

export function ChannelStripTile(props: TileProps<ChannelStripValue>) {
  const { layout, value, box, strings, clock } = props;
  const now = useSecond(clock);
  const absent = absence(value, strings);
  if (absent || !value || !value.channels || value.channels.length === 0) {
    return (
      <Frame {...props}>
        <Absent text={absent ? absent.text : "—"} words={absent ? absent.words : strings.noDataYet} />
      </Frame>
    );
  }
  const footer = value.note ? FOOTER_HEIGHT : 0;
  const room = box.height / box.unit - headerHeight(layout, box) - footer;
  const cells = cellsFor(box.width / box.unit, room, value.channels.length);
  const size = { width: `${100 / cells.across}%`, height: `${(room * box.unit) / cells.down}px` };
  const width = cells.look === "lines" ? LINE_STATE_WIDTH : box.width / box.unit / cells.across - CELL_PADDING;
  return (
    <Frame {...props} aside={cells.more > 0 ? <p class="aside">{strings.moreChannels(cells.more)}</p> : undefined}>
      <div class={`channels channels-${cells.look}`}>
        {value.channels.slice(0, cells.shown).map((channel) => (
          <Channel key={channel.name} channel={channel} now={now} strings={strings} size={size} width={width} />
        ))}
      </div>
    </Frame>
  );
}

interface ChannelProps {
  channel: ChannelEntry;
  now: number;
  strings: Strings;
  size: { width: string; height: string };
  /** The room for health and age, in units. */
  width: number;
}

function Channel({ channel, now, strings, size, width }: ChannelProps) {
  const look = LOOK[channel.health] || LOOK.no_data;
  const health = strings.health[channel.health] || strings.health.no_data;
  const age = ageText(channel, now, strings, width - widthEm(health, 500, "text") * STATE_SIZE);
  return (
    <div class={`channel tone-${look.tone}`} style={size}>
      <p class="channel-name">
        <Shape name={look.shape} />
        <span class="text">{channel.title || channel.name}</span>
      </p>
      <p class="channel-volume figures">{channel.volume || "—"}</p>
      <p class="channel-state">
        <span class="channel-health">{health}</span>
        <span class="channel-age figures">{age}</span>
      </p>
    </div>
  );
}

/** In words when there is room, else the bare figure. */
function ageText(channel: ChannelEntry, now: number, strings: Strings, width: number): string {
  if (typeof channel.last_event_ms !== "number") return strings.never;
  const age = ageOf(channel.last_event_ms, now);
  const words = strings.ago(age.value, age.unit);
  return widthEm(words, 400, "text") * STATE_SIZE <= width ? words : strings.age(age.value, age.unit);
}
