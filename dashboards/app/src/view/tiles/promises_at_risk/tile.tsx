// The promises that break next. What is missed already stands above them, and apart: nobody can
// keep it any more.

import type { PromisesAtRiskValue } from "../../../protocol";
import { widthEm } from "../../measure";
import { Fitted } from "../../parts/fitted";
import { absence, Absent, callOf, Frame, headerHeight, noteHeight } from "../../parts/frame";
import { List } from "../../parts/list";
import { Shape } from "../../parts/shape";
import type { TileProps } from "../../registry";
import "./style.css";

/** Heights and sizes in units, as the style sheet has them. */
const MISSED_HEIGHT = 56;
const MISSED_SHAPE = 42;
const COUNT_SIZE = 34;
const COUNT_MARGIN = 14;
const TITLE_SIZE = 28;
const TITLE_MARGIN = 24;

export function PromisesAtRiskTile(props: TileProps<PromisesAtRiskValue>) {
  const { layout, value, box, strings } = props;
  const absent = absence(value, strings);
  const rows = (value && value.rows) || [];
  const count = (value && value.missed_count) || 0;
  if (absent || !value || (rows.length === 0 && count === 0)) {
    return (
      <Frame {...props}>
        <Absent text={absent ? absent.text : "0"} words={absent ? absent.words : (value && value.empty) || ""} />
      </Frame>
    );
  }
  const heads = value.heads || [];
  const badge = callOf(value, layout, box);
  const height = box.height / box.unit - headerHeight(layout, box, badge) - noteHeight(value);
  const cells = rows.map((row) => [
    { text: row.policy },
    { text: row.queue },
    { text: row.count > 1 ? `×${row.count}` : "" },
    { text: row.due, tone: row.tone, icon: row.icon },
  ]);
  const columns = [
    { title: heads[0] || "", rank: 3, least: 7 },
    { title: heads[1] || "", rank: 2, look: "soft" as const },
    { title: "", rank: 1, align: "right" as const, look: "soft" as const },
    { title: heads[2] || "", rank: 4, align: "right" as const },
  ];
  return (
    <Frame {...props} badge={badge}>
      {count > 0 && <Missed {...props} count={count} />}
      {rows.length > 0 && (
        <List columns={columns} rows={cells} raised={rows.map((row) => row.raised)} more={0} height={height - (count > 0 ? MISSED_HEIGHT : 0)} box={box} strings={strings} />
      )}
      {/* The list stays where it is when something is missed. */}
      {rows.length === 0 && <Absent text="" words={value.empty || ""} />}
    </Frame>
  );
}

function Missed({ value, box, count }: TileProps<PromisesAtRiskValue> & { count: number }) {
  const title = (value && value.missed_title) || "";
  const parts = ((value && value.missed) || []).map((row) => `${row.policy}, ${row.queue} ${row.count}`);
  const used =
    MISSED_SHAPE + COUNT_MARGIN + TITLE_MARGIN + widthEm(String(count), 600) * COUNT_SIZE + widthEm(title, 500, "text") * TITLE_SIZE;
  const room = box.width - used * box.unit;
  return (
    <p class="missed">
      <Shape name="bad" />
      <span class="missed-count figures">{count}</span>
      <span class="missed-title">{title}</span>
      {room > 0 && <Fitted class="missed-rest" text={parts.join(" · ")} width={room} box={box} />}
    </p>
  );
}
