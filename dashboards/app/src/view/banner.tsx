// Says calmly that what stands above is the last picture, and from when it is.

import type { Strings } from "../i18n/strings";
import type { BoardLayout } from "../protocol";
import type { Store } from "../state/store";
import { Shape } from "./parts/shape";
import { hoursMinutes } from "./sitetime";

interface Props {
  store: Store;
  board: BoardLayout;
  strings: Strings;
  height: number;
}

export function Banner({ store, board, strings, height }: Props) {
  const since = store.heardAtMs === null ? "—" : hoursMinutes(store.heardAtMs, board.utc_offset_ms || 0);
  return (
    <div class="banner" role="status" style={{ height: `${height}px` }}>
      <Shape name="warn" />
      <strong>{strings.noConnectionSince(since)}</strong>
      <span class="banner-rest">— {strings.lastPicture}</span>
      <span class="banner-retry">{strings.reconnecting}</span>
    </div>
  );
}
