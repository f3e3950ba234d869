// What holds now: a campaign, an outage, a lead's own words.

import type { MessageLine, MessageValue } from "../../../protocol";
import { widthEm } from "../../measure";
import { absence, Absent, Frame, headerHeight } from "../../parts/frame";
import { linesFor } from "../../parts/lines";
import { Shape } from "../../parts/shape";
import type { TileProps } from "../../registry";
import "./style.css";

const LARGEST = 56;
/** Margins and shape of a line, in em. */
const BESIDE_EM = 3.2;

export function MessageTile(props: TileProps<MessageValue>) {
  const { layout, value, box, strings } = props;
  const absent = absence(value, strings);
  const messages = (value && value.messages) || [];
  if (absent || !value || messages.length === 0) {
    return (
      <Frame {...props}>
        <Absent text={absent ? absent.text : ""} words={absent ? absent.words : (value && value.empty) || ""} />
      </Frame>
    );
  }
  const widths = messages.map((line) => widthEm(`${line.word || ""}${line.text}${timeOf(line)}`, 600, "text") + BESIDE_EM);
  const height = box.height / box.unit - headerHeight(layout, box);
  const { size, shown } = linesFor(widths, box.width / box.unit, height, LARGEST);
  const more = messages.length - shown + (value.more || 0);
  return (
    <Frame {...props} aside={more > 0 ? `+${more}` : ""}>
      <div class="messages" style={{ fontSize: `${size * box.unit}px`, lineHeight: "1.3" }}>
        {messages.slice(0, shown).map((line, place) => (
          <p key={place} class={`message-line message-${line.kind}${line.important ? " message-important" : ""}`}>
            {(line.important || line.kind === "outage") && <Shape name="warn" />}
            {line.word && <span class="message-word">{line.word}</span>}
            <span class="message-text">{line.text}</span>
            <span class="message-time figures">{timeOf(line)}</span>
          </p>
        ))}
      </div>
    </Frame>
  );
}

/** "14:02–15:00", "14:02", "–15:00". */
function timeOf(line: MessageLine): string {
  return line.until ? `${line.since || ""}–${line.until}` : line.since || "";
}
