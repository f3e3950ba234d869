// Sizes. Everything scales with the wall: one unit is a pixel at 1920×1080, or at 1080×1920 on a
// screen that stands upright, so what is legible from five metres there is so on any TV.

import type { BoardLayout, TileLayout } from "../protocol";

const LONG_SIDE = 1920;
const SHORT_SIDE = 1080;
/** Half of the space between two tiles, in units. */
export const GUTTER = 5;
/** The smallest text on the wall, in units: to be read from five metres on 55 inches. */
export const TEXT_MIN = 28;
/** The style sheet's rem, in units. */
export const REM = 20;
export const PADDING_X = 24;
export const PADDING_TOP = 12;
export const PADDING_BOTTOM = 12;

/** The room inside a tile's padding, in pixels. */
export interface Box {
  width: number;
  height: number;
  /** Pixels per unit. */
  unit: number;
}

export interface WallSize {
  width: number;
  height: number;
  unit: number;
}

export function wallSize(width: number, height: number): WallSize {
  const unit = isUpright(width, height)
    ? Math.min(width / SHORT_SIDE, height / LONG_SIDE)
    : Math.min(width / LONG_SIDE, height / SHORT_SIDE);
  return { width, height, unit };
}

/** A screen that was hung on its side. */
export function isUpright(width: number, height: number): boolean {
  return height > width;
}

export function boxOf(tile: TileLayout, board: BoardLayout, wall: WallSize): Box {
  const around = 2 * GUTTER * wall.unit;
  const width = ((wall.width - around) * tile.w) / board.columns;
  const height = ((wall.height - around) * tile.h) / board.rows;
  return {
    width: Math.max(0, Math.floor(width - around - 2 * PADDING_X * wall.unit) - 2),
    height: Math.max(0, Math.floor(height - around - (PADDING_TOP + PADDING_BOTTOM) * wall.unit) - 2),
    unit: wall.unit,
  };
}
