// One number of several channels, queues or topics, as bars.

import type { BarsValue } from "../../../protocol";
import { BarList } from "../../parts/bar_list";
import { absence, Absent, callOf, Frame, headerHeight, noteHeight } from "../../parts/frame";
import type { TileProps } from "../../registry";

export function BarsTile(props: TileProps<BarsValue>) {
  const { layout, value, box, strings } = props;
  const absent = absence(value, strings);
  if (absent || !value || !value.bars || value.bars.length === 0) {
    return (
      <Frame {...props}>
        <Absent text={absent ? absent.text : "—"} words={absent ? absent.words : strings.noDataYet} />
      </Frame>
    );
  }
  const badge = callOf(value, layout, box);
  const room = box.height / box.unit - headerHeight(layout, box, badge) - noteHeight(value);
  return (
    <Frame {...props} badge={badge}>
      <BarList bars={value.bars} more={value.more || 0} room={room} box={box} strings={strings} />
    </Frame>
  );
}
