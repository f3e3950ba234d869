// Who came and never got an answer: how many in all, and through which channel.

import type { ReachabilityValue } from "../../../opinion";
import { widthEm } from "../../measure";
import { BarList } from "../../parts/bar_list";
import { Fitted } from "../../parts/fitted";
import { absence, Absent, callOf, Frame, headerHeight, noteHeight } from "../../parts/frame";
import type { TileProps } from "../../registry";
import "./style.css";

/** In units, as the style sheet has them. */
const TOTAL_HEIGHT = 72;
const COUNT_SIZE = 52;
const COUNT_MARGIN = 16;
/** A lower tile has only its rows. */
const TOTAL_FROM = 200;

export function ReachabilityTile(props: TileProps<ReachabilityValue>) {
  const { layout, value, box, strings } = props;
  const absent = absence(value, strings);
  const rows = (value && value.rows) || [];
  if (absent || !value || rows.length === 0) {
    return (
      <Frame {...props}>
        <Absent text={absent ? absent.text : "—"} words={absent ? absent.words : strings.noDataYet} />
      </Frame>
    );
  }
  const badge = callOf(value, layout, box);
  const height = box.height / box.unit - headerHeight(layout, box, badge) - noteHeight(value);
  const total = height >= TOTAL_FROM ? value.total : undefined;
  // Nobody at all is good news, and said as such.
  const words = total && (total.text === "0" ? value.empty || total.words : total.words);
  const used = total ? widthEm(total.text, 600, "text") * COUNT_SIZE + COUNT_MARGIN : 0;
  return (
    <Frame {...props} badge={badge}>
      {total && (
        <p class="reach-total">
          <span class="reach-count figures">{total.text}</span>
          <Fitted class="text figures" text={words || ""} width={box.width - used * box.unit} box={box} />
        </p>
      )}
      <div class="reach-rows">
        <BarList bars={rows} more={value.more || 0} room={height - (total ? TOTAL_HEIGHT : 0)} box={box} strings={strings} />
      </div>
    </Frame>
  );
}
