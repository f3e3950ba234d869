// A figure with its unit, its goal and its short receipt.

import type { NumberValue } from "../../../protocol";
import { Figure } from "../../parts/figure";
import { ABSENT_SIZE, useFigureSize } from "../../parts/fit";
import { absence, FOOTER_HEIGHT, Frame, headerHeight, toneWord } from "../../parts/frame";
import type { TileProps } from "../../registry";
import { TREND_HEIGHT, TrendLine } from "./trend";
import "./style.css";

/** Room above and below the digits, in units. */
const AIR = 26;

export function NumberTile(props: TileProps<NumberValue>) {
  const { layout, value, box, strings } = props;
  const absent = absence(value, strings);
  const text = absent ? absent.text : (value && value.text) || "—";
  const unit = absent ? "" : (value && value.unit) || "";
  const badge = toneWord(value);
  const trend = (!absent && value && value.trend) || null;
  const below = FOOTER_HEIGHT + (trend ? TREND_HEIGHT : 0);
  const height = box.height - (headerHeight(layout, box, badge) + below + AIR) * box.unit;
  const fits = useFigureSize(text, unit, box.width, height, box);
  const size = absent ? Math.min(fits, ABSENT_SIZE * box.unit) : fits;
  return (
    <Frame {...props} badge={badge} footer={absent ? absent.words : footerOf(props)}>
      <p class="figure" style={{ fontSize: `${size}px` }}>
        <Figure text={text} unit={unit} size={size} box={box} />
      </p>
      {trend && <TrendLine trend={trend} box={box} />}
    </Frame>
  );
}

function footerOf({ value, strings }: TileProps<NumberValue>): string {
  if (!value) return "";
  const goal = value.target_text ? strings.goal(value.target_text) : "";
  return [goal, value.detail].filter(Boolean).join(" · ");
}
