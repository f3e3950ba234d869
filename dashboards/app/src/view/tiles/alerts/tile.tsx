// The alerts that hold: what, where and for how long. What needs somebody now stands first.

import type { AlertsValue } from "../../../protocol";
import { absence, Absent, callOf, Frame, headerHeight, noteHeight } from "../../parts/frame";
import { List } from "../../parts/list";
import type { TileProps } from "../../registry";

export function AlertsTile(props: TileProps<AlertsValue>) {
  const { layout, value, box, strings } = props;
  const absent = absence(value, strings);
  const rows = (value && value.rows) || [];
  if (absent || !value || rows.length === 0) {
    // Nobody watches: that is for the operator to know, and no figure that makes no sense here.
    const isUnwatched = value && value.state === "not_applicable";
    const words = absent && !isUnwatched ? absent.words : (value && value.empty) || "";
    return (
      <Frame {...props}>
        <Absent text={absent ? absent.text : "0"} words={words} />
      </Frame>
    );
  }
  const heads = value.heads || [];
  const badge = callOf(value, layout, box);
  const height = box.height / box.unit - headerHeight(layout, box, badge) - noteHeight(value);
  const cells = rows.map((row) => [{ text: row.title, tone: row.tone, icon: row.icon }, { text: row.of }, { text: row.lasts }]);
  const columns = [
    { title: heads[0] || "", rank: 4 },
    { title: heads[1] || "", rank: 3, least: 7 },
    { title: heads[2] || "", rank: 2, align: "right" as const, look: "soft" as const },
  ];
  return (
    <Frame {...props} badge={badge}>
      <List columns={columns} rows={cells} raised={rows.map((row) => row.raised)} more={value.more || 0} height={height} box={box} strings={strings} />
    </Frame>
  );
}
