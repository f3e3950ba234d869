// One row per channel. A channel's name matters more than the last column.

import type { QueueTableValue } from "../../../protocol";
import { absence, Absent, callOf, Frame, headerHeight, noteHeight } from "../../parts/frame";
import { List } from "../../parts/list";
import type { TileProps } from "../../registry";

/** So much of a name must be there, in em. */
const NAME_LEAST = 5;

export function ChannelTableTile(props: TileProps<QueueTableValue>) {
  const { layout, value, box, strings } = props;
  const absent = absence(value, strings);
  if (absent || !value || !value.rows || value.rows.length === 0) {
    return (
      <Frame {...props}>
        <Absent text={absent ? absent.text : "—"} words={absent ? absent.words : strings.noDataYet} />
      </Frame>
    );
  }
  const heads = value.columns || [];
  const badge = callOf(value, layout, box);
  const names = { title: "", rank: heads.length + 1, least: NAME_LEAST };
  const figures = heads.map((head, place) => ({ title: head.title, rank: heads.length - place, align: "right" as const }));
  const rows = value.rows.map((row) => [{ text: row.name }, ...heads.map((_, place) => row.cells[place] || { text: "—" })]);
  const height = box.height / box.unit - headerHeight(layout, box, badge) - noteHeight(value);
  return (
    <Frame {...props} badge={badge}>
      <List columns={[names, ...figures]} rows={rows} raised={value.rows.map((row) => row.raised)} more={value.more || 0} height={height} box={box} strings={strings} />
    </Frame>
  );
}
