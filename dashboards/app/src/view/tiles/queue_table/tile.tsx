// One row per queue, policy or topic, sized to fill the tile; what doesn't fit is counted, not
// hidden.

import type { QueueCell, QueueTableValue } from "../../../protocol";
import { absence, Absent, Frame, headerHeight, noteHeight } from "../../parts/frame";
import { Shape } from "../../parts/shape";
import type { TileProps } from "../../registry";
import { rowsFor } from "./rows";
import "./style.css";

const HEAD_HEIGHT = 40;

export function QueueTableTile(props: TileProps<QueueTableValue>) {
  const { layout, value, box, strings } = props;
  const absent = absence(value, strings);
  if (absent || !value || !value.rows || value.rows.length === 0) {
    return (
      <Frame {...props}>
        <Absent text={absent ? absent.text : "—"} words={absent ? absent.words : strings.noDataYet} />
      </Frame>
    );
  }
  const columns = value.columns || [];
  const footer = noteHeight(value);
  const room = box.height / box.unit - headerHeight(layout, box) - HEAD_HEIGHT - footer;
  const rows = rowsFor(room, value.rows.length, value.more || 0);
  const height = { height: `${rows.height * box.unit}px` };
  return (
    <Frame {...props}>
      <table class="queues figures" style={{ fontSize: `${rows.textSize * box.unit}px` }}>
        <thead>
          <tr style={{ height: `${HEAD_HEIGHT * box.unit}px` }}>
            <th class="queue-name" />
            {columns.map((column) => (
              <th key={column.id}>{column.title}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {value.rows.slice(0, rows.shown).map((row) => (
            <tr key={row.name} style={height}>
              <td class="queue-name">{row.name}</td>
              {columns.map((column, index) => (
                <Cell key={column.id} cell={row.cells[index]} />
              ))}
            </tr>
          ))}
          {rows.more > 0 && (
            <tr style={height}>
              <td class="queue-more" colSpan={columns.length + 1}>
                {strings.moreRows(rows.more)}
              </td>
            </tr>
          )}
        </tbody>
      </table>
    </Frame>
  );
}

function Cell({ cell }: { cell: QueueCell | undefined }) {
  const tone = (cell && cell.tone) || "plain";
  // A table full of checks would say nothing: only what needs a look has a shape.
  const marked = tone === "warn" || tone === "bad";
  return (
    <td class={`tone-${tone}`}>
      {marked && <Shape name={tone} />}
      {cell ? cell.text : "—"}
    </td>
  );
}
