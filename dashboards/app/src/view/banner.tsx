// Says calmly what stands above: the last picture and from when it is, the past and which, or
// numbers of which the server has something to say.

import type { Strings } from "../i18n/strings";
import type { BoardLayout } from "../protocol";
import type { Store } from "../state/store";
import { Shape } from "./parts/shape";
import { hoursMinutes, siteTime } from "./sitetime";
import { useSecond } from "./ticker";

/** A time of day alone says enough for this long. */
const TIME_ENOUGH_MS = 12 * 3_600_000;

interface Props {
  store: Store;
  board: BoardLayout;
  strings: Strings;
  height: number;
}

export function Banner({ store, board, strings, height }: Props) {
  const since = sinceOf(store, board, strings);
  return (
    <div class="banner" role="status" style={{ height: `${height}px` }}>
      <Shape name="warn" />
      <strong>{strings.noConnectionSince(since)}</strong>
      <span class="banner-rest">— {strings.lastPicture}</span>
      <span class="banner-retry">{strings.reconnecting}</span>
    </div>
  );
}

/** A replay must not be taken for what is going on now. */
export function ReplayStrip({ store, board, strings, height }: Props) {
  const now = useSecond(store.clock);
  const offsetMs = board.utc_offset_ms || 0;
  return (
    <div class="banner" role="status" style={{ height: `${height}px` }}>
      <Shape name="none" />
      <strong>{strings.replay(dayAndTime(now, offsetMs, strings), board.replay_speed || 1)}</strong>
    </div>
  );
}

/** The server's own words, in the board's language. */
export function NoticeStrip({ words, height }: { words: string; height: number }) {
  return (
    <div class="banner" role="status" style={{ height: `${height}px` }}>
      <Shape name="warn" />
      <strong class="banner-rest banner-notice">{words}</strong>
    </div>
  );
}

function sinceOf(store: Store, board: BoardLayout, strings: Strings): string {
  const heardAtMs = store.heardAtMs;
  if (heardAtMs === null) return "—";
  const offsetMs = board.utc_offset_ms || 0;
  const time = hoursMinutes(heardAtMs, offsetMs);
  if (store.clock.nowMs() - heardAtMs < TIME_ENOUGH_MS) return time;
  return dayAndTime(heardAtMs, offsetMs, strings);
}

function dayAndTime(ms: number, offsetMs: number, strings: Strings): string {
  const { day, month } = siteTime(ms, offsetMs);
  return `${day} ${strings.months[month] || ""}, ${hoursMinutes(ms, offsetMs)}`;
}
