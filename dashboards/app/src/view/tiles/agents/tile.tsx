// Who does what, and for how long. The word stands beside the colour.

import type { AgentEntry, AgentsValue } from "../../../protocol";
import { raisedClass } from "../../parts/list";
import { iconOf, Shape } from "../../parts/shape";
import { Fitted } from "../../parts/fitted";
import { absence, Absent, callOf, Frame, headerHeight, noteHeight } from "../../parts/frame";
import type { TileProps } from "../../registry";
import { TEXT_MIN } from "../../box";
import { widthEm } from "../../measure";
import { CELL_WIDTH_MIN, gridFor } from "./grid";
import "./style.css";

/** In units, as the style sheet has them. */
const COUNTS_HEIGHT = 44;
/** The paddings of a person, and what is between state and time. */
const LINE_MARGINS = 48;
const SHAPE_EM = 1.1;
/** What the number of those who find no room takes in the head. */
const MORE_PATTERN = "+00";

export function AgentsTile(props: TileProps<AgentsValue>) {
  const { layout, value, box, strings } = props;
  const absent = absence(value, strings);
  if (absent || !value || !value.people || value.people.length === 0) {
    return (
      <Frame {...props}>
        <Absent text={absent ? absent.text : "0"} words={absent ? absent.words : (value && value.empty) || ""} />
      </Frame>
    );
  }
  const counts = (value.counts || []).map((count) => `${count.count} ${count.word}`).join(" · ");
  const badge = callOf(value, layout, box, MORE_PATTERN);
  const room = box.height / box.unit - headerHeight(layout, box, badge, badge && MORE_PATTERN) - COUNTS_HEIGHT - noteHeight(value);
  const grid = gridFor(box.width / box.unit, room, cellWidth(value.people), value.people.length, value.more || 0);
  const size = { width: `${100 / grid.across}%`, height: `${grid.height * box.unit}px` };
  return (
    <Frame {...props} badge={badge} aside={grid.more > 0 ? `+${grid.more}` : ""}>
      <div class="agent-counts">
        <Fitted class="figures" text={counts} width={box.width} box={box} />
      </div>
      <div class="agents" style={{ maxHeight: `${grid.height * grid.down * box.unit + 1}px` }}>
        {value.people.slice(0, grid.shown).map((agent, place) => (
          <Agent key={place} agent={agent} size={size} />
        ))}
      </div>
    </Frame>
  );
}

/** What the longest state needs beside the longest time in it, in units. */
function cellWidth(people: AgentEntry[]): number {
  const widest = (text: (agent: AgentEntry) => string, weight: 400 | 500) => people.reduce((most, one) => Math.max(most, widthEm(text(one), weight, "text")), 0);
  const isRaised = people.some((agent) => agent.raised === "warn" || agent.raised === "bad");
  const words = widest((agent) => agent.word, 500) + widest((agent) => agent.time || "", 400) + (isRaised ? SHAPE_EM : 0);
  return Math.max(CELL_WIDTH_MIN, LINE_MARGINS + words * TEXT_MIN);
}

function Agent({ agent, size }: { agent: AgentEntry; size: { width: string; height: string } }) {
  return (
    <div class={`agent agent-${agent.status} ${raisedClass(agent.raised)}`} style={size}>
      <p class="agent-name">{agent.name}</p>
      <p class="agent-line">
        <span class="agent-word">{agent.word}</span>
        <span class="agent-time figures">
          {(agent.raised === "warn" || agent.raised === "bad") && <Shape name={iconOf(agent.icon) || agent.raised} />}
          {agent.time}
        </span>
      </p>
    </div>
  );
}
