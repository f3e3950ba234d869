// Says calmly that what stands above is the last picture, and from when it is.

import type { Strings } from "../i18n/strings";
import type { BoardLayout } from "../protocol";
import type { Store } from "../state/store";
import { Shape } from "./parts/shape";
import { hoursMinutes, siteTime } from "./sitetime";

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

function sinceOf(store: Store, board: BoardLayout, strings: Strings): string {
  const heardAtMs = store.heardAtMs;
  if (heardAtMs === null) return "—";
  const offsetMs = board.utc_offset_ms || 0;
  const time = hoursMinutes(heardAtMs, offsetMs);
  if (store.clock.nowMs() - heardAtMs < TIME_ENOUGH_MS) return time;
  const { day, month } = siteTime(heardAtMs, offsetMs);
  return `${day} ${strings.months[month] || ""}, ${time}`;
}
