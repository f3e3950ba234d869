// The site's time and date, run by the page from the server's clock.

import type { TileValue } from "../../../protocol";
import { useFigureSize } from "../../parts/fit";
import { FOOTER_HEIGHT, Frame, TITLE_HEIGHT } from "../../parts/frame";
import type { TileProps } from "../../registry";
import { siteTime } from "../../sitetime";
import { useTimeOfDay } from "../../ticker";
import "./style.css";

const AIR = 26;
/** The seconds' size in the figure. */
const SECONDS_EM = 0.34;

export function ClockTile(props: TileProps<TileValue>) {
  const { layout, board, box, strings, clock } = props;
  const now = siteTime(useTimeOfDay(clock), board.utc_offset_ms || 0);
  const height = box.height - (TITLE_HEIGHT + FOOTER_HEIGHT + AIR) * box.unit;
  const size = useFigureSize("00:00", "00", box.width, height, box);
  const date = strings.date(strings.weekdays[now.weekday] || "", now.day, strings.months[now.month] || "");
  return (
    <Frame {...props} layout={{ ...layout, title: layout.title || board.title, subtitle: "" }} value={{ state: "live" }} footer={date}>
      <p class="figure clock-figure" style={{ fontSize: `${size}px` }}>
        {now.hours}
        <span class="clock-colon">:</span>
        {now.minutes}
        <span class="clock-seconds" style={{ fontSize: `${SECONDS_EM}em` }}>
          {now.seconds}
        </span>
      </p>
    </Frame>
  );
}
