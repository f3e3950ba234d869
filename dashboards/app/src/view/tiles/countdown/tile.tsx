// How long it is until a moment, run by the page from the server's clock.

import type { CountdownValue } from "../../../protocol";
import { Figure } from "../../parts/figure";
import { useFigureSize } from "../../parts/fit";
import { absence, FOOTER_HEIGHT, Frame, headerHeight } from "../../parts/frame";
import type { TileProps } from "../../registry";
import { hoursMinutes, siteTime } from "../../sitetime";
import { useSecond } from "../../ticker";
import { leftOf } from "./left";

/** Room above and below the figure, in units. */
const AIR = 38;
const DAY_MS = 24 * 60 * 60_000;

export function CountdownTile(props: TileProps<CountdownValue>) {
  const { layout, value, box, strings, clock } = props;
  const now = useSecond(clock);
  const to = value && value.to_ms;
  const isKnown = !absence(value, strings) && typeof to === "number";
  const isOver = isKnown && to <= now;
  const parts = isKnown ? leftOf(to - now) : [];
  const left = parts.map((part) => strings.age(part.value, part.unit)).join(" ");
  const text = !isKnown ? "—" : (isOver && value && value.done) || left;
  const height = box.height - (headerHeight(layout, box) + FOOTER_HEIGHT + AIR) * box.unit;
  const size = useFigureSize(text, "", box.width, height, box);
  const footer = isKnown ? whenOf(to, now, props) : strings.noDataYet;
  return (
    <Frame {...props} footer={footer}>
      <p class="figure" style={{ fontSize: `${size}px` }}>
        <Figure text={text} unit="" size={size} box={box} />
      </p>
    </Frame>
  );
}

/** The time, and the day unless it is within a day. */
function whenOf(to: number, now: number, { board, strings }: TileProps<CountdownValue>): string {
  const offset = board.utc_offset_ms || 0;
  const time = hoursMinutes(to, offset);
  if (Math.abs(to - now) < DAY_MS) return time;
  const day = siteTime(to, offset);
  return `${strings.date(strings.weekdays[day.weekday] || "", day.day, strings.months[day.month] || "")} · ${time}`;
}
