// One line at a time, as large as it fits. Nothing runs through the tile: each line stands for ten
// seconds, on all walls at once, and then the next one does.

import type { TickerLine, TickerValue } from "../../../protocol";
import { widthEm } from "../../measure";
import { absence, Absent, Frame, headerHeight } from "../../parts/frame";
import { brokenSize, LINE_HEIGHT } from "../../parts/lines";
import { Shape } from "../../parts/shape";
import type { TileProps } from "../../registry";
import { useBeat } from "../../ticker";
import { LINE_MS, lineAt } from "./turn";
import "./style.css";

const LARGEST = 72;
/** A shape with its margin, in em. */
const SHAPE_EM = 1.4;

export function TickerTile(props: TileProps<TickerValue>) {
  const { layout, value, box, strings, clock } = props;
  const now = useBeat(clock, LINE_MS);
  const absent = absence(value, strings);
  const lines = (value && value.lines) || [];
  const line = lines[lineAt(now, lines.length)];
  if (absent || !line) {
    return (
      <Frame {...props}>
        <Absent text={absent ? absent.text : ""} words={absent ? absent.words : (value && value.empty) || ""} />
      </Frame>
    );
  }
  const width = box.width / box.unit;
  const height = box.height / box.unit - headerHeight(layout, box);
  // All lines in one size: what changes is the words, and not how loud they are.
  const size = Math.min(...lines.map((one) => sizeOf(one, width, height)));
  const down = Math.max(1, Math.floor(height / (size * LINE_HEIGHT)));
  return (
    <Frame {...props} aside={lines.length > 1 ? `${lineAt(now, lines.length) + 1}/${lines.length}` : ""}>
      <p
        class={`ticker-line tone-${line.tone || "plain"}`}
        style={{ fontSize: `${size * box.unit}px`, maxHeight: `${down * LINE_HEIGHT}em` }}
      >
        {line.tone === "warn" && <Shape name="warn" />}
        {line.word && <span class="ticker-word">{line.word} </span>}
        {line.text}
      </p>
    </Frame>
  );
}

function sizeOf(line: TickerLine, width: number, height: number): number {
  const whole = `${line.word ? `${line.word} ` : ""}${line.text}`;
  const longest = Math.max(...whole.split(/\s+/).map((word) => widthEm(word, 600, "text")));
  const shape = line.tone === "warn" ? SHAPE_EM : 0;
  return brokenSize([widthEm(whole, 600, "text") + shape], longest + shape, width, height, LARGEST);
}
