// The gauge's geometry: an arc open at the bottom, as large as its room allows. A wide room
// gives a half circle, a square one nearly a full one.

export interface Arc {
  radius: number;
  centreX: number;
  centreY: number;
  stroke: number;
  /** How far each end reaches below the horizontal, in radians. */
  dip: number;
}

const STROKE_SHARE = 0.17;
const DIP_MAX = Math.PI / 4;
/** How far the target's tick stands out beyond the arc, as a share of the stroke. */
export const TICK_OUT = 0.32;

export function arcFor(width: number, height: number): Arc {
  // In shares of the radius of the arc's middle line.
  const outside = STROKE_SHARE * (0.5 + TICK_OUT);
  const below = (dip: number) => Math.sin(dip) + (STROKE_SHARE / 2) * Math.cos(dip) + 0.01;
  const widest = width / 2 / (1 + outside);
  let dip = DIP_MAX;
  while (dip > 0 && height / (1 + outside + below(dip)) < widest) dip -= Math.PI / 180;
  dip = Math.max(0, dip);
  const radius = Math.max(1, Math.min(widest, height / (1 + outside + below(dip))));
  const used = radius * (1 + outside + below(dip));
  return {
    radius,
    centreX: width / 2,
    centreY: (height - used) / 2 + radius * (1 + outside),
    stroke: radius * STROKE_SHARE,
    dip,
  };
}

export function sweepOf(arc: Arc): number {
  return Math.PI + 2 * arc.dip;
}

/** The point at a share (0..1) of the arc, at a distance from the centre. */
export function pointAt(arc: Arc, share: number, distance: number): { x: number; y: number } {
  // Angles grow clockwise from three o'clock, as SVG's do; the left end is the start.
  const angle = Math.PI - arc.dip + share * sweepOf(arc);
  return { x: arc.centreX + distance * Math.cos(angle), y: arc.centreY + distance * Math.sin(angle) };
}

export function pathOf(arc: Arc): string {
  const from = pointAt(arc, 0, arc.radius);
  const to = pointAt(arc, 1, arc.radius);
  const large = sweepOf(arc) > Math.PI ? 1 : 0;
  return `M${from.x} ${from.y}A${arc.radius} ${arc.radius} 0 ${large} 1 ${to.x} ${to.y}`;
}

/** The figure's height in radii. */
const FIGURE_HEIGHT = 0.42;
/** Room between the figure's corners and the arc, as a share of the inner radius. */
const CORNER_AIR = 0.06;

/** The room for a figure that stands on the given height and must not touch the arc. */
export function roomInside(arc: Arc, baseline: number): { width: number; height: number } {
  const inner = (arc.radius - arc.stroke / 2) * (1 - CORNER_AIR);
  const height = arc.radius * FIGURE_HEIGHT;
  const top = Math.max(0, arc.centreY - (baseline - height));
  return { width: 2 * Math.sqrt(Math.max(0, inner * inner - top * top)), height };
}
