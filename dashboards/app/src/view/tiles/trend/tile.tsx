// Lines over time, with their names and last values at their ends instead of a legend, and what
// happened meanwhile above them.
// uPlot draws; it is fed, never rebuilt, unless the tile's size or its series change.

import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { TrendSeries, TrendValue } from "../../../protocol";
import { absence, Absent, callOf, Frame, headerHeight, noteHeight } from "../../parts/frame";
import type { TileProps } from "../../registry";
import { Annotations, LANE_HEIGHT } from "./annotations";
import { Chart } from "./chart";
import { TEXT_MIN, type Box } from "../../box";
import { theme } from "../../themes";
import { widthEm } from "../../measure";
import { placeLabels } from "./labels";
import type { Area } from "./marks";
import { grouped } from "./scale";
import "./style.css";

export const SERIES_MAX = 4;
const AIR = 12;
/** The labels at the lines' ends, in units, as the style sheet has them. */
const LABEL_HEIGHT = 74;
const NAME_HEIGHT = 36;
const LABEL_SIZE = 34;
const LABEL_GAP = 16;
/** The most of the tile that they take. */
const LABELS_SHARE = 0.4;

export function TrendTile(props: TileProps<TrendValue>) {
  const { layout, value, box, board, strings } = props;
  const absent = absence(value, strings);
  const series = (value && value.series ? value.series : []).slice(0, SERIES_MAX);
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<Chart | null>(null);
  const labels = useRef<HTMLDivElement>(null);
  /** Puts what stands beside and above the lines where they have been drawn. */
  const settle = useRef<() => void>(() => {});
  const [area, setArea] = useState<Area | null>(null);
  const marks = (value && value.marks) || [];
  const footer = noteHeight(value);
  const axis = (value && value.axis) || "";
  const earlier = (value && value.earlier) || null;
  const given = value && typeof value.target === "number" ? value.target : null;
  const goal = given !== null && value && value.target_text ? strings.goal(value.target_text) : "";
  const width = Math.floor(box.width - labelsWidth(series, [earlier ? earlier.name : "", goal], box) * box.unit);
  const badge = callOf(value, layout, box, axis);
  const heightBelow = (aside: string) => Math.floor(box.height - (headerHeight(layout, box, badge, aside) + footer + AIR) * box.unit);
  const { beside, above } = namesOf(earlier, goal, (words, names) => {
    const aside = [axis].concat(words).filter(Boolean).join(" · ");
    const room = heightBelow(aside);
    return room === heightBelow(axis) && (names === 0 || (series.length + names) * NAME_HEIGHT * box.unit <= room);
  });
  const drawn = beside.concat(above);
  const before = drawn.some((one) => one.kind === "earlier") ? earlier : null;
  const target = drawn.some((one) => one.kind === "target") ? given : null;
  const aside = [axis].concat(above.map(spoken)).filter(Boolean).join(" · ");
  const height = heightBelow(aside);
  // Little room: the names alone stay beside the lines.
  const isSlim = height < (series.length * LABEL_HEIGHT + beside.length * NAME_HEIGHT) * box.unit;
  const heights = series
    .map(() => (isSlim ? NAME_HEIGHT : LABEL_HEIGHT) * box.unit)
    .concat(beside.map(() => NAME_HEIGHT * box.unit));
  const lane = marks.length > 0 ? LANE_HEIGHT * box.unit : 0;
  const fromMs = (value && value.from_ms) || 0;
  const stepMs = (value && value.step_ms) || 60_000;
  const isThere = !absent && value !== null && series.some((one) => lastOf(one) !== null);

  useLayoutEffect(() => {
    if (!isThere || !place.current || !value) return;
    const shape = { width, height, unit: box.unit, series: series.length, earlier: before !== null, target: target !== null, theme: theme(), utcOffsetMs: board.utc_offset_ms || 0, lane };
    if (chart.current && !chart.current.fits(shape, place.current)) {
      chart.current.destroy();
      chart.current = null;
    }
    settle.current = () => {
      if (!chart.current) return;
      const lasts = series.map(lastOf).concat(beside.map((one) => (one.kind === "target" ? target : before && lastOf(before))));
      const ends = lasts.map((last) => chart.current && chart.current.heightOf(last));
      if (labels.current) placeLabels(labels.current, ends, heights, height);
      const drawn = chart.current.area();
      setArea((before) => (isSame(before, drawn) ? before : drawn));
    };
    if (!chart.current) chart.current = new Chart(place.current, shape, () => settle.current());
    chart.current.show(fromMs, stepMs, series, before, target);
  });
  useLayoutEffect(
    () => () => {
      if (chart.current) chart.current.destroy();
      chart.current = null;
    },
    [],
  );

  return (
    <Frame {...props} badge={badge} aside={aside}>
      {isThere ? (
        <div class="trend" style={{ height: `${height}px` }}>
          {area && marks.length > 0 && (
            <Annotations
              marks={marks}
              more={(value && value.more_marks) || 0}
              area={area}
              unit={box.unit}
              fromMs={fromMs}
              toMs={fromMs + (stepsOf(series) - 1) * stepMs}
            />
          )}
          <div class="trend-chart" ref={place} style={{ width: `${width}px`, height: `${height}px` }} />
          <div class="trend-labels" ref={labels} style={{ height: `${height}px` }}>
            {series.map((one, index) => (
              <p key={index} class={`trend-label series-${index}`} style={{ height: `${heights[index]}px` }}>
                <span class="trend-name">{one.name}</span>
                {!isSlim && <span class="trend-last figures">{lastWords(one)}</span>}
              </p>
            ))}
            {beside.map(({ kind, words }, index) => (
              <p key={kind} class={`trend-label series-${kind}`} style={{ height: `${heights[series.length + index]}px` }}>
                <span class="trend-name">{words}</span>
              </p>
            ))}
          </div>
        </div>
      ) : (
        <Absent text={absent ? absent.text : "—"} words={absent ? absent.words : strings.noDataYet} />
      )}
    </Frame>
  );
}

/** A line beside the measured ones: the goal, dashed, or what was before, dotted. */
interface Extra {
  kind: "earlier" | "target";
  sign: string;
  words: string;
}

function spoken({ sign, words }: Extra): string {
  return `${sign} ${words}`;
}

/** Where each of them is named: at its end, else in the head. What can be named nowhere is not drawn: a
    line that nobody can read misleads. */
function namesOf(earlier: TrendSeries | null, goal: string, fits: (above: string[], beside: number) => boolean) {
  const beside: Extra[] = [];
  const above: Extra[] = [];
  const all: Extra[] = [];
  if (goal) all.push({ kind: "target", sign: "– –", words: goal });
  if (earlier) all.push({ kind: "earlier", sign: "···", words: earlier.name });
  for (const one of all) {
    if (fits(above.map(spoken), beside.length + 1)) beside.push(one);
    else if (fits(above.concat(one).map(spoken), beside.length)) above.push(one);
  }
  return { beside, above };
}

/** In units; in steps, so that a digit more does not move the chart each minute. */
function labelsWidth(series: TrendSeries[], extras: string[], box: Box): number {
  const beside = extras.reduce((most, words) => Math.max(most, widthEm(words, 500, "text") * TEXT_MIN), 0);
  const widest = series.reduce(
    (most, one) => Math.max(most, widthEm(one.name, 500, "text") * TEXT_MIN, widthEm(lastWords(one), 600, "text") * LABEL_SIZE),
    beside,
  );
  return Math.min(LABELS_SHARE * (box.width / box.unit), Math.ceil((widest + LABEL_GAP) / LABEL_GAP) * LABEL_GAP);
}

function lastWords(series: TrendSeries): string {
  const last = lastOf(series);
  return last === null ? "—" : grouped(Math.round(last * 10) / 10);
}

function isSame(one: Area | null, other: Area): boolean {
  return (
    one !== null &&
    one.left === other.left &&
    one.top === other.top &&
    one.width === other.width &&
    one.height === other.height
  );
}

function stepsOf(series: TrendSeries[]): number {
  return Math.max.apply(null, series.map((one) => one.values.length));
}

function lastOf(series: TrendSeries): number | null {
  for (let index = series.values.length - 1; index >= 0; index -= 1) {
    const value = series.values[index];
    if (typeof value === "number") return value;
  }
  return null;
}
