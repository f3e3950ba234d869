// uPlot, set up for a wall: no cursor, no legend, few ticks, large text, the site's time.

import uPlot from "uplot";
import type { TrendSeries } from "../../../protocol";
import { TEXT_MIN } from "../../box";
import type { Area } from "./marks";
import { hoursMinutes } from "../../sitetime";
import { widthEm } from "../../measure";
import { grouped, niceTop, TIME_TICKS_MAX, timeSplits, valueSplits } from "./scale";

const STROKES = ["#5ab0ff", "#d5b3ff"];
const FILL_TOP = "rgba(90, 176, 255, 0.34)";
const FILL_BOTTOM = "rgba(90, 176, 255, 0.02)";
const AXIS = "#8496a8";
/** Beside the value axis's labels, in units. */
const AXIS_GAP = 10;
const AXIS_EDGE = 6;
/** The room that a time below the chart needs, in units. */
const TIME_TICK_WIDTH = 130;
const GRID = "rgba(132, 150, 168, 0.16)";

export interface ChartShape {
  width: number;
  height: number;
  unit: number;
  /** How many lines. */
  series: number;
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
    this.plot = new uPlot({ ...optionsOf(shape), hooks }, emptyData(shape.series), place);
  }

  fits(shape: ChartShape, place: HTMLElement): boolean {
    const own = this.shape;
    return (
      place === this.place &&
      own.width === shape.width &&
      own.height === shape.height &&
      own.series === shape.series &&
      own.lane === shape.lane &&
      own.utcOffsetMs === shape.utcOffsetMs
    );
  }

  show(fromMs: number, stepMs: number, series: TrendSeries[]): void {
    const length = Math.max.apply(null, series.map((one) => one.values.length));
    const times: number[] = [];
    for (let index = 0; index < length; index += 1) times.push((fromMs + index * stepMs) / 1_000);
    const data = [times].concat(series.map((one) => one.values as number[])) as uPlot.AlignedData;
    this.plot.setData(data);
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

function emptyData(series: number): uPlot.AlignedData {
  const data: number[][] = [[]];
  for (let index = 0; index < series; index += 1) data.push([]);
  return data as uPlot.AlignedData;
}

function axisWidth(labels: string[], unit: number): number {
  const widest = labels.reduce((most, label) => Math.max(most, widthEm(label, 400, "text")), 0);
  return Math.ceil((widest * TEXT_MIN + AXIS_GAP + AXIS_EDGE) * unit);
}

function optionsOf(shape: ChartShape): uPlot.Options {
  const { unit } = shape;
  const font = `400 ${TEXT_MIN * unit}px "Inter", sans-serif`;
  const timeTicks = Math.max(1, Math.min(TIME_TICKS_MAX, Math.floor(shape.width / (TIME_TICK_WIDTH * unit))));
  const timeEdge = (TIME_TICK_WIDTH * unit) / 3 / Math.max(1, shape.width);
  const grid = { stroke: GRID, width: Math.max(1, unit) };
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
        stroke: AXIS,
        size: 42 * unit,
        gap: 8 * unit,
        ticks: { show: false },
        grid: { show: false },
        splits: (_plot, _axis, min, max) => timeSplits(min, max, shape.utcOffsetMs / 1_000, timeTicks, timeEdge),
        values: (_plot, splits) => splits.map((second) => hoursMinutes(second * 1_000, shape.utcOffsetMs)),
      },
      {
        font,
        stroke: AXIS,
        // As wide as its longest label: "20 000" must not end as "000".
        size: (_plot, labels) => axisWidth(labels || [], unit),
        gap: AXIS_GAP * unit,
        ticks: { show: false },
        grid,
        splits: (_plot, _axis, _min, max) => valueSplits(max),
        values: (_plot, splits) => splits.map(grouped),
      },
    ],
    series: [{}].concat(
      STROKES.slice(0, shape.series).map((stroke, index) => ({
        stroke,
        width: (index === 0 ? 3.5 : 3) * unit,
        points: { show: false },
        spanGaps: false,
        ...(index === 0 ? { fill: fade } : {}),
      })),
    ),
  };
}

/** The first line's area, fading towards the ground. */
function fade(plot: uPlot): CanvasGradient | string {
  const { top, height } = plot.bbox;
  if (!isFinite(top) || !isFinite(height)) return FILL_BOTTOM;
  const gradient = plot.ctx.createLinearGradient(0, top, 0, top + height);
  gradient.addColorStop(0, FILL_TOP);
  gradient.addColorStop(1, FILL_BOTTOM);
  return gradient;
}
