// A picture of the site's own: a plan, a logo, a poster.

import { useState } from "preact/hooks";
import type { ImageValue } from "../../../protocol";
import { Absent, Frame, headerHeight } from "../../parts/frame";
import type { TileProps } from "../../registry";
import "./style.css";

export function ImageTile(props: TileProps<ImageValue>) {
  const { layout, value, box, strings } = props;
  const [failed, setFailed] = useState("");
  const address = value && value.address;
  if (!value || !address || failed === address) {
    return (
      <Frame {...props} value={null}>
        <Absent text="" words={value ? value.empty || "" : strings.noDataYet} />
      </Frame>
    );
  }
  const height = box.height - headerHeight(layout, box) * box.unit;
  return (
    <Frame {...props}>
      <img
        class={`image-${value.fit === "cover" ? "cover" : "contain"}`}
        style={{ width: `${box.width}px`, height: `${height}px` }}
        src={`../${address}`}
        alt={layout.title || ""}
        onError={() => setFailed(address)}
      />
    </Frame>
  );
}
