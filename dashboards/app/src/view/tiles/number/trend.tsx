// Where the number goes, against the same time yesterday or last week: an arrow and a difference.

import type { NumberTrend } from "../../../protocol";
import type { Box } from "../../box";
import { Fitted } from "../../parts/fitted";

/** In units, as the style sheet has them. */
export const TREND_HEIGHT = 38;
const ARROW = 40;

const PATHS: Record<NumberTrend["direction"], string> = {
  up: "M12 3l9 11h-6v7H9v-7H3z",
  down: "M12 21l9-11h-6V3H9v7H3z",
  same: "M3 9h18v6H3z",
};

export function TrendLine({ trend, box }: { trend: NumberTrend; box: Box }) {
  const words = trend.text ? `${trend.text} ${trend.words}` : `= ${trend.words}`;
  const width = box.width - ARROW * box.unit;
  return (
    <p class={`number-trend tone-${trend.tone || "plain"}`}>
      <svg class="shape" viewBox="0 0 24 24" aria-hidden="true">
        <path d={PATHS[trend.direction] || PATHS.same} fill="currentColor" />
      </svg>
      <Fitted class="figures" text={words} width={width} box={box} />
    </p>
  );
}
