// A figure on a thick arc with a tick at the target.

import type { GaugeValue } from "../../../protocol";
import { TEXT_MIN } from "../../box";
import { widthEm } from "../../measure";
import { Figure } from "../../parts/figure";
import { ABSENT_SIZE, DIGIT_HEIGHT_EM, useFigureSize } from "../../parts/fit";
import { absence, FOOTER_HEIGHT, Frame, headerHeight, shapeBeside, toneWord } from "../../parts/frame";
import { Shape } from "../../parts/shape";
import type { TileProps } from "../../registry";
import { arcFor, pathOf, pointAt, roomInside, sweepOf, TICK_OUT } from "./arc";
import "./style.css";

/** Room between header, arc and footer, in units. */
const AIR = 20;
/** The line of words below the figure with its margin, in units. */
const WORDS_HEIGHT = 58;
/** The shape and the gaps in that line, in units. */
const WORDS_AIR = 64;

export function GaugeTile(props: TileProps<GaugeValue>) {
  const { layout, value, box, strings } = props;
  const absent = absence(value, strings);
  const text = absent ? absent.text : (value && value.text) || "—";
  const unit = absent ? "" : (value && value.unit) || "";
  const height = Math.max(40, box.height - (headerHeight(layout, box) + FOOTER_HEIGHT + AIR) * box.unit);
  const arc = arcFor(box.width, height);
  const bottom = middleBottom(arc, height);
  const room = roomInside(arc, height - bottom - WORDS_HEIGHT * box.unit);
  const fits = useFigureSize(text, unit, room.width, room.height, box);
  const size = absent ? Math.min(fits, ABSENT_SIZE * box.unit) : fits;
  const share = absent ? null : shareOf(value, value && value.value);
  const target = absent ? null : shareOf(value, value && value.target);
  const length = arc.radius * sweepOf(arc);
  const goal = !absent && value && value.target_text ? strings.goal(value.target_text) : "";
  const words = absent ? absent.words : toneWord(value);
  return (
    <Frame {...props} footer={(value && value.detail) || ""}>
      <div class="gauge" style={{ width: `${box.width}px`, height: `${height}px` }}>
        <svg width={box.width} height={height} viewBox={`0 0 ${box.width} ${height}`} aria-hidden="true">
          <path class="gauge-track" d={pathOf(arc)} stroke-width={arc.stroke} />
          {share !== null && share > 0 && (
            <path
              class="gauge-value"
              d={pathOf(arc)}
              stroke-width={arc.stroke}
              style={{ strokeDasharray: `${length} ${length * 2}`, strokeDashoffset: String(length * (1 - share)) }}
            />
          )}
          {target !== null && <TargetTick arc={arc} share={target} />}
        </svg>
        <div class="gauge-middle" style={{ bottom: `${bottom}px` }}>
          <p class="figure" style={{ fontSize: `${size}px`, lineHeight: `${DIGIT_HEIGHT_EM}em` }}>
            <Figure text={text} unit={unit} size={size} box={box} />
          </p>
          <p class="gauge-words">
            {words && !absent && <Shape name={shapeBeside(value)} />}
            {words && <span class="tone-word">{words}</span>}
            {goal && hasRoomFor(words, goal, box.width / box.unit) && <span class="gauge-goal">{goal}</span>}
          </p>
        </div>
      </div>
    </Frame>
  );
}

/** The goal has its tick on the arc: beside words that need the room it goes without saying. */
function hasRoomFor(words: string, goal: string, width: number): boolean {
  return (widthEm(words, 500, "text") + widthEm(goal, 400, "text")) * TEXT_MIN + WORDS_AIR <= width;
}

/** The middle's text ends where the arc does, or a little higher where the ends come close. */
function middleBottom(arc: ReturnType<typeof arcFor>, height: number): number {
  const ends = arc.centreY + arc.radius * Math.sin(arc.dip);
  return Math.max(0, height - ends - arc.radius * 0.02 + arc.radius * Math.sin(arc.dip) * 0.35);
}

function TargetTick({ arc, share }: { arc: ReturnType<typeof arcFor>; share: number }) {
  const inner = pointAt(arc, share, arc.radius - arc.stroke * 0.5);
  const outer = pointAt(arc, share, arc.radius + arc.stroke * (0.5 + TICK_OUT));
  const width = Math.max(3, arc.stroke * 0.12);
  return (
    <g>
      <line class="gauge-tick-gap" x1={inner.x} y1={inner.y} x2={outer.x} y2={outer.y} stroke-width={width * 2.6} />
      <line class="gauge-tick" x1={inner.x} y1={inner.y} x2={outer.x} y2={outer.y} stroke-width={width} />
    </g>
  );
}

/** Where a figure lies between the gauge's ends, 0..1. */
function shareOf(value: GaugeValue | null, figure: number | null | undefined): number | null {
  if (!value || typeof figure !== "number" || !isFinite(figure)) return null;
  const min = typeof value.min === "number" ? value.min : 0;
  const max = typeof value.max === "number" ? value.max : 1;
  if (max <= min) return null;
  return Math.min(1, Math.max(0, (figure - min) / (max - min)));
}
