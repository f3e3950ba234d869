// What holds now: a campaign, an outage, a lead's own words.

import type { MessageLine, MessageValue } from "../../../protocol";
import { widthEm } from "../../measure";
import { absence, Absent, Frame, headerHeight } from "../../parts/frame";
import { LINE_HEIGHT, paragraphsFor, type Paragraph } from "../../parts/lines";
import { Shape } from "../../parts/shape";
import type { TileProps } from "../../registry";
import "./style.css";

const LARGEST = 56;
/** Margins and shape of a message, in em. */
const SHAPE_EM = 1.4;
const WORD_MARGIN_EM = 0.7;
const TIME_MARGIN_EM = 0.9;

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
  const height = box.height / box.unit - headerHeight(layout, box);
  const { size, lines } = paragraphsFor(messages.map(paragraphOf), box.width / box.unit, height, LARGEST);
  const more = messages.length - lines.length + (value.more || 0);
  return (
    <Frame {...props} aside={more > 0 ? `+${more}` : ""}>
      <div class="messages" style={{ fontSize: `${size * box.unit}px`, lineHeight: `${LINE_HEIGHT}` }}>
        {messages.slice(0, lines.length).map((line, place) => (
          <p key={place} class={`message-line message-${line.kind}${line.important ? " message-important" : ""}${lines[place] === 1 ? " is-one-line" : ""}`}>
            {hasShape(line) && <Shape name="warn" />}
            {line.word && <span class="message-word">{line.word}</span>}
            <span class="message-text" style={{ maxHeight: `${(lines[place] || 1) * LINE_HEIGHT}em` }}>
              {line.text}
            </span>
            <span class="message-time figures">{timeOf(line)}</span>
          </p>
        ))}
      </div>
    </Frame>
  );
}

function hasShape(line: MessageLine): boolean {
  return line.important === true || line.kind === "outage";
}

/** What a message needs, in em. */
function paragraphOf(line: MessageLine): Paragraph {
  const weight = line.important ? 600 : 500;
  const width = (text: string) => widthEm(text, weight, "text");
  const word = line.word ? widthEm(line.word, 600, "text") + WORD_MARGIN_EM : 0;
  const time = timeOf(line);
  return {
    text: width(line.text),
    longest: line.text.split(/\s+/).reduce((most, one) => Math.max(most, width(one)), 0),
    beside: (hasShape(line) ? SHAPE_EM : 0) + word + (time ? widthEm(time, 400, "text") + TIME_MARGIN_EM : 0),
  };
}

/** "14:02–15:00", "14:02", "–15:00". */
function timeOf(line: MessageLine): string {
  return line.until ? `${line.since || ""}–${line.until}` : line.since || "";
}
