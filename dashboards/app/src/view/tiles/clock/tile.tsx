// The site's time and date, run by the page from the server's clock.

import type { TileValue } from "../../../protocol";
import { useFigureSize } from "../../parts/fit";
import { Frame, TITLE_HEIGHT } from "../../parts/frame";
import type { TileProps } from "../../registry";
import { siteTime } from "../../sitetime";
import { useSecond } from "../../ticker";
import "./style.css";

const DATE_HEIGHT = 40;
const AIR = 22;

export function ClockTile(props: TileProps<TileValue>) {
  const { layout, board, box, strings, clock } = props;
  const now = siteTime(useSecond(clock), board.utc_offset_ms || 0);
  const height = box.height - (TITLE_HEIGHT + DATE_HEIGHT + AIR) * box.unit;
  const size = useFigureSize("00:00", " 00", box.width, height, box);
  const date = strings.date(strings.weekdays[now.weekday] || "", now.day, strings.months[now.month] || "");
  return (
    <Frame {...props} layout={{ ...layout, title: layout.title || board.title, subtitle: "" }} value={{ state: "live" }}>
      <p class="figure clock-figure" style={{ fontSize: `${size}px` }}>
        {now.hours}
        <span class="clock-colon">:</span>
        {now.minutes}
        <span class="clock-seconds">{now.seconds}</span>
      </p>
      <p class="clock-date">{date}</p>
    </Frame>
  );
}
