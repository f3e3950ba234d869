// The site's own words, as large as their lines fit.

import type { TextValue } from "../../../protocol";
import { widthEm } from "../../measure";
import { Frame, headerHeight } from "../../parts/frame";
import { brokenSize } from "../../parts/lines";
import type { TileProps } from "../../registry";
import "./style.css";

const LARGEST = 96;

export function TextTile(props: TileProps<TextValue>) {
  const { layout, value, box } = props;
  const lines = (value && value.lines) || [];
  const widths = lines.map((line) => widthEm(line, 500, "text"));
  const height = box.height / box.unit - headerHeight(layout, box);
  const words = lines.join(" ").split(/\s+/);
  const longest = Math.max(...words.map((word) => widthEm(word, 500, "text")));
  const size = brokenSize(widths, longest, box.width / box.unit, height, LARGEST);
  return (
    <Frame {...props} value={value || { state: "live" }}>
      <div class="text-lines" style={{ fontSize: `${size * box.unit}px` }}>
        {lines.map((line, place) => (
          <p key={place}>{line}</p>
        ))}
      </div>
    </Frame>
  );
}
