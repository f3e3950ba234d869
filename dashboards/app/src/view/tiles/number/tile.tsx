// A figure with its unit, its goal and its short receipt.

import type { NumberValue } from "../../../protocol";
import { Digits } from "../../parts/digits";
import { ABSENT_SIZE, UNIT_EM, useFigureSize } from "../../parts/fit";
import { absence, FOOTER_HEIGHT, Frame, headerHeight, toneWord } from "../../parts/frame";
import type { TileProps } from "../../registry";
import { TREND_HEIGHT, TrendLine } from "./trend";
import "./style.css";

/** Room above and below the digits, in units. */
const AIR = 38;

export function NumberTile(props: TileProps<NumberValue>) {
  const { layout, value, box, strings } = props;
  const absent = absence(value, strings);
  const text = absent ? absent.text : (value && value.text) || "—";
  const unit = absent ? "" : (value && value.unit) || "";
  const trend = (!absent && value && value.trend) || null;
  const below = FOOTER_HEIGHT + (trend ? TREND_HEIGHT : 0);
  const height = box.height - (headerHeight(layout, box) + below + AIR) * box.unit;
  const size = useFigureSize(text, unit, box.width, height, box);
  return (
    <Frame {...props} badge={value ? toneWord(value, strings) : ""} footer={absent ? absent.words : footerOf(props)}>
      <p class="figure" style={{ fontSize: `${absent ? Math.min(size, ABSENT_SIZE * box.unit) : size}px` }}>
        <Digits text={text} />
        {unit && (
          <span class="unit" style={{ fontSize: `${UNIT_EM}em` }}>
            {unit}
          </span>
        )}
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
