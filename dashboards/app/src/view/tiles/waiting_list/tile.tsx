// Who waits, the longest first, and how long each may still wait. Contacts are marks of a few
// letters: no name and no number stands on a wall.

import type { WaitingListValue } from "../../../protocol";
import { absence, Absent, callOf, Frame, headerHeight, noteHeight } from "../../parts/frame";
import { List, type ListColumn } from "../../parts/list";
import type { TileProps } from "../../registry";

export function WaitingListTile(props: TileProps<WaitingListValue>) {
  const { layout, value, box, strings } = props;
  const absent = absence(value, strings);
  if (absent || !value || !value.rows || value.rows.length === 0) {
    return (
      <Frame {...props}>
        <Absent text={absent ? absent.text : "0"} words={absent ? absent.words : (value && value.empty) || ""} />
      </Frame>
    );
  }
  const heads = value.heads || [];
  const badge = callOf(value, layout, box);
  const column = (place: number, rest: Omit<ListColumn, "title">): ListColumn => ({ title: heads[place] || "", ...rest });
  const columns = [
    column(0, { rank: 2, look: "mark" }),
    column(1, { rank: 1, look: "soft" }),
    column(2, { rank: 4, least: 5 }),
    column(3, { rank: 3, align: "right" }),
    column(4, { rank: 5, align: "right" }),
  ];
  const rows = value.rows.map((row) => [
    { text: row.mark },
    { text: row.channel },
    { text: row.queue },
    { text: row.waits },
    { text: row.due, tone: row.tone, icon: row.icon },
  ]);
  const height = box.height / box.unit - headerHeight(layout, box, badge) - noteHeight(value);
  return (
    <Frame {...props} badge={badge}>
      <List columns={columns} rows={rows} raised={value.rows.map((row) => row.raised)} more={value.more || 0} height={height} box={box} strings={strings} />
    </Frame>
  );
}
