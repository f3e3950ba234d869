// uPlot, set up for a wall: no cursor, no legend, few ticks, large text, the site's time.

import uPlot from "uplot";
import type { TrendSeries } from "../../../protocol";
import { TEXT_MIN } from "../../box";
import { palette } from "../../themes";
import type { Area } from "./marks";
import { hoursMinutes } from "../../sitetime";
import { widthEm } from "../../measure";
import { grouped, niceTop, TIME_TICKS_MAX, timeSplits, valueSplits } from "./scale";

/** Beside the value axis's labels, in units. */
const AXIS_GAP = 10;
const AXIS_EDGE = 6;
/** The room that a time below the chart needs, in units. */
const TIME_TICK_WIDTH = 130;
/** The strokes and gaps of lines that are no measured ones, in units. */
const DASH = [14, 10];
const DOTS = [4, 9];

export interface ChartShape {
  width: number;
  height: number;
  unit: number;
  /** How many lines. */
  series: number;
  /** A line of the same hour before lies behind them. */
  earlier: boolean;
  /** A line of the goal lies above them. */
  target: boolean;
  /** Whose colours it has. */
  theme: string;
  utcOffsetMs: number;
  /** Room to leave free above the lines, in pixels. */
  lane: number;
}

export class Chart {
  private readonly plot: uPlot;

  constructor(
    private readonly place: HTMLElement,
    private readonly shape: ChartShape,
    /** uPlot finds its sizes and draws later than it is told to. */
    drawn: () => void,
  ) {
    const hooks: uPlot.Hooks.Arrays = { draw: [drawn] };
    this.plot = new uPlot({ ...optionsOf(shape), hooks }, emptyData(shape), place);
  }

  fits(shape: ChartShape, place: HTMLElement): boolean {
    const own = this.shape;
    return (
      place === this.place &&
      own.width === shape.width &&
      own.height === shape.height &&
      own.series === shape.series &&
      own.earlier === shape.earlier &&
      own.target === shape.target &&
      own.theme === shape.theme &&
      own.lane === shape.lane &&
      own.utcOffsetMs === shape.utcOffsetMs
    );
  }

  show(fromMs: number, stepMs: number, series: TrendSeries[], earlier: TrendSeries | null, target: number | null): void {
    const length = Math.max.apply(null, series.map((one) => one.values.length));
    const times: number[] = [];
    for (let index = 0; index < length; index += 1) times.push((fromMs + index * stepMs) / 1_000);
    const lines: (number | null)[][] = [times];
    const before = earlier ? earlier.values : [];
    if (this.shape.earlier) lines.push(times.map((_time, index) => numberOr(before[index])));
    for (const one of series) lines.push(one.values);
    if (this.shape.target) lines.push(times.map(() => target));
    this.plot.setData(lines as uPlot.AlignedData);
  }

  /** How far below the chart's top a value lies, in pixels, once it is drawn. */
  heightOf(value: number | null): number | null {
    if (value === null) return null;
    return this.plot.valToPos(value, "y") + this.plot.over.offsetTop;
  }

  /** Where the lines are, in pixels from the chart's upper left corner, once they are drawn. */
  area(): Area {
    const { offsetLeft, offsetTop, offsetWidth, offsetHeight } = this.plot.over;
    return { left: offsetLeft, top: offsetTop, width: offsetWidth, height: offsetHeight };
  }

  destroy(): void {
    this.plot.destroy();
  }
}

function emptyData(shape: ChartShape): uPlot.AlignedData {
  const data: number[][] = [[]];
  const lines = shape.series + (shape.earlier ? 1 : 0) + (shape.target ? 1 : 0);
  for (let index = 0; index < lines; index += 1) data.push([]);
  return data as uPlot.AlignedData;
}

function numberOr(value: number | null | undefined): number | null {
  return typeof value === "number" ? value : null;
}

/** What lies behind comes first. */
function linesOf(shape: ChartShape): uPlot.Series[] {
  const { unit } = shape;
  const colours = palette();
  const strokes = [colours.series0, colours.series1, colours.series2, colours.series3];
  const line = (stroke: string, width: number, more: uPlot.Series = {}): uPlot.Series => ({
    stroke,
    width: width * unit,
    points: { show: false },
    spanGaps: false,
    ...more,
  });
  const dash = (pattern: number[]) => ({ dash: pattern.map((length) => length * unit) });
  const lines = strokes
    .slice(0, shape.series)
    .map((stroke, index) => line(stroke, index === 0 ? 3.5 : 3, index === 0 ? { fill: fade } : {}));
  if (shape.earlier) lines.unshift(line(colours.earlier, 3, dash(DOTS)));
  if (shape.target) lines.push(line(colours.earlier, 2.5, dash(DASH)));
  return lines;
}

function axisWidth(labels: string[], unit: number): number {
  const widest = labels.reduce((most, label) => Math.max(most, widthEm(label, 400, "text")), 0);
  return Math.ceil((widest * TEXT_MIN + AXIS_GAP + AXIS_EDGE) * unit);
}

function optionsOf(shape: ChartShape): uPlot.Options {
  const { unit } = shape;
  const { axis, grid: gridLine } = palette();
  const font = `400 ${TEXT_MIN * unit}px "Inter", sans-serif`;
  const timeTicks = Math.max(1, Math.min(TIME_TICKS_MAX, Math.floor(shape.width / (TIME_TICK_WIDTH * unit))));
  const timeEdge = (TIME_TICK_WIDTH * unit) / 3 / Math.max(1, shape.width);
  const grid = { stroke: gridLine, width: Math.max(1, unit) };
  return {
    width: shape.width,
    height: shape.height,
    padding: [TEXT_MIN * 0.6 * unit + shape.lane, 6 * unit, 0, 0],
    cursor: { show: false },
    legend: { show: false },
    scales: { x: { time: false }, y: { range: (_plot, _min, max) => [0, niceTop(max)] } },
    axes: [
      {
        font,
        stroke: axis,
        size: 42 * unit,
        gap: 8 * unit,
        ticks: { show: false },
        grid: { show: false },
        splits: (_plot, _axis, min, max) => timeSplits(min, max, shape.utcOffsetMs / 1_000, timeTicks, timeEdge),
        values: (_plot, splits) => splits.map((second) => hoursMinutes(second * 1_000, shape.utcOffsetMs)),
      },
      {
        font,
        stroke: axis,
        // As wide as its longest label: "20 000" must not end as "000".
        size: (_plot, labels) => axisWidth(labels || [], unit),
        gap: AXIS_GAP * unit,
        ticks: { show: false },
        grid,
        splits: (_plot, _axis, _min, max) => valueSplits(max),
        values: (_plot, splits) => splits.map(grouped),
      },
    ],
    series: ([{}] as uPlot.Series[]).concat(linesOf(shape)),
  };
}

/** The first line's area, fading towards the ground. */
function fade(plot: uPlot): CanvasGradient | string {
  const { top, height } = plot.bbox;
  if (!isFinite(top) || !isFinite(height)) return palette().fillBottom;
  const gradient = plot.ctx.createLinearGradient(0, top, 0, top + height);
  gradient.addColorStop(0, palette().fillTop);
  gradient.addColorStop(1, palette().fillBottom);
  return gradient;
}
