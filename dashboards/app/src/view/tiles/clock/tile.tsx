// The site's time and date, run by the page from the server's clock.

import type { BoardLayout, TileValue } from "../../../protocol";
import { unitPx } from "../../parts/figure";
import { TEXT_MIN } from "../../box";
import { widthEm } from "../../measure";
import { useFigureSize } from "../../parts/fit";
import { FOOTER_HEIGHT, Frame, headerHeight } from "../../parts/frame";
import type { TileProps } from "../../registry";
import { siteTime } from "../../sitetime";
import { useTimeOfDay } from "../../ticker";
import "./style.css";

const AIR = 18;
const SECONDS_GAP_EM = 0.08;

export function ClockTile(props: TileProps<TileValue>) {
  const { layout, board, box, strings, clock } = props;
  const now = siteTime(useTimeOfDay(clock), board.utc_offset_ms || 0);
  // Whose wall it is, and which.
  const names = layout.title ? { ...layout, subtitle: "" } : { ...layout, title: board.site || board.title, subtitle: subtitleOf(board) };
  const height = box.height - (headerHeight(names, box) + FOOTER_HEIGHT + AIR) * box.unit;
  const size = useFigureSize("00:00", "00", box.width, height, box);
  const month = strings.months[now.month] || "";
  const whole = strings.date(strings.weekdays[now.weekday] || "", now.day, month);
  const date = widthEm(whole, 400, "text") * TEXT_MIN * box.unit <= box.width ? whole : `${now.day} ${month}`;
  return (
    <Frame {...props} layout={names} value={{ state: "live" }} footer={date}>
      <p class="figure clock-figure" style={{ fontSize: `${size}px` }}>
        {now.hours}
        <span class="clock-colon">:</span>
        {now.minutes}
        <span class="clock-seconds" style={{ fontSize: `${unitPx(size, box)}px`, marginLeft: `${SECONDS_GAP_EM * size}px` }}>
          {now.seconds}
        </span>
      </p>
    </Frame>
  );
}

function subtitleOf(board: BoardLayout): string {
  return board.site && board.site !== board.title ? board.title : "";
}
