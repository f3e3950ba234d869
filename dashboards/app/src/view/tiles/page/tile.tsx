// Another page within the wall. It may run its own scripts and nothing else: it opens no window, sends
// no form and leads the wall nowhere.

import type { PageValue } from "../../../protocol";
import { Absent, Frame, headerHeight } from "../../parts/frame";
import type { TileProps } from "../../registry";
import { mayShow } from "./frames";
import { sandboxOf, useReachable } from "./reach";
import "./style.css";

export function PageTile(props: TileProps<PageValue>) {
  const { layout, value, box, strings } = props;
  const url = (value && value.url) || "";
  const isAllowed = mayShow(value ? value.frames : undefined, location);
  const isThere = useReachable(isAllowed ? url : "");
  if (value && url && !isAllowed) {
    return (
      <Frame {...props} value={null}>
        <Absent text="" words={value.forbidden || value.empty || ""} />
      </Frame>
    );
  }
  if (!value || !url || !isThere) {
    return (
      <Frame {...props} value={null}>
        <Absent text="" words={!value || (url && isThere === null) ? strings.pageLoads : value.empty || ""} />
      </Frame>
    );
  }
  const height = box.height - headerHeight(layout, box) * box.unit;
  return (
    <Frame {...props}>
      <iframe
        class="page"
        style={{ width: `${box.width}px`, height: `${height}px` }}
        src={url}
        sandbox={sandboxOf(url, location.origin)}
        referrerpolicy="no-referrer"
        tabIndex={-1}
        title={layout.title || ""}
      />
    </Frame>
  );
}
