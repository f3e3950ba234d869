// Board files are made for screens that lie. On one that stands upright the same tiles are laid
// anew: the board is cut along its own lines into blocks, and each row of blocks is broken into as
// many lines as keep the tiles nearest to their shapes. Tiles keep their order and their areas.

import type { BoardLayout, TileLayout } from "../protocol";

const WIDTH = 1080;
const HEIGHT = 1920;
/** What a column and a row of a lying board measure, in units. */
const CELL_WIDTH_OF = 1920;
const CELL_HEIGHT_OF = 1080;
/** Rows of at most this many blocks are tried with every way of breaking them into lines. */
const TRIED_IN_FULL = 4;
/** Tiles at least this wide on the lying board hold lines of text: they need width more than height. */
const WIDE_FROM = 600;
const WIDE_MIN = 700;
const NARROW_MIN = 330;
const HEIGHT_MIN = 215;
/** What a tile that lacks all of its least width or height costs; shapes cost about 1 at most. */
const LACK = 60;
const FIGURE_TYPES = ["number", "gauge", "clock"];

interface Size {
  w: number;
  h: number;
}

interface Block {
  tiles: TileLayout[];
  area: number;
}

interface Plan {
  cost: number;
  tiles: TileLayout[];
}

let last: { board: BoardLayout; arranged: BoardLayout } | null = null;

/** The same board for an upright screen; the same object for the same board. */
export function upright(board: BoardLayout): BoardLayout {
  if (last && last.board === board) return last.arranged;
  const cell = { w: CELL_WIDTH_OF / board.columns, h: CELL_HEIGHT_OF / board.rows };
  const plan = board.tiles.length > 0 ? planOf(board.tiles, { x: 0, y: 0, w: WIDTH, h: HEIGHT }, cell) : { tiles: [] };
  // In the board's own order, so that the page moves its tiles instead of making them anew.
  const tiles = board.tiles.map((tile) => plan.tiles.filter((one) => one.id === tile.id)[0] || tile);
  const arranged = { ...board, columns: WIDTH, rows: HEIGHT, tiles };
  last = { board, arranged };
  return arranged;
}

function planOf(tiles: TileLayout[], place: Size & { x: number; y: number }, cell: Size): Plan {
  const only = tiles[0] as TileLayout;
  if (tiles.length === 1) return { cost: costOf(only, place, cell), tiles: [{ ...only, ...place }] };
  const blocks = cut(tiles);
  let best: Plan | null = null;
  for (const lines of breaks(blocks)) {
    const total = sum(blocks.map((block) => block.area));
    const areas = lines.map((line) => sum(line.map((block) => block.area)));
    // Lines as high as their areas ask, or nearer to each other: five tiles make lines of 3 and 2.
    for (const evenness of [0, 0.5]) {
      const heights = areas.map((area) => (place.h * (area * (1 - evenness) + (total / lines.length) * evenness)) / total);
      const plan: Plan = { cost: 0, tiles: [] };
      let y = place.y;
      lines.forEach((line, index) => {
        const h = heights[index] as number;
        let x = place.x;
        for (const block of line) {
          const w = (place.w * block.area) / (areas[index] as number);
          const part = planOf(block.tiles, { x, y, w, h }, cell);
          plan.cost += part.cost;
          plan.tiles = plan.tiles.concat(part.tiles);
          x += w;
        }
        y += h;
      });
      if (!best || plan.cost < best.cost) best = plan;
      if (lines.length === 1) break;
    }
  }
  return best as Plan;
}

/** How far a tile is from its shape on the lying board, and what it lacks. */
function costOf(tile: TileLayout, size: Size, cell: Size): number {
  const own = { w: tile.w * cell.w, h: tile.h * cell.h };
  const bent = Math.log(size.w / size.h / (own.w / own.h));
  const holdsText = own.w >= WIDE_FROM && FIGURE_TYPES.indexOf(tile.type) < 0;
  const least = { w: Math.min(own.w, holdsText ? WIDE_MIN : NARROW_MIN), h: Math.min(own.h, HEIGHT_MIN) };
  const lack = (is: number, needed: number) => Math.max(0, 1 - is / needed) ** 2 * LACK;
  return bent * bent + lack(size.w, least.w) + lack(size.h, least.h);
}

/** Cuts along the first lines that cross no tile: into rows, else into columns, else in half. */
function cut(tiles: TileLayout[]): Block[] {
  const rows = cutAlong(tiles, (tile) => [tile.y, tile.y + tile.h]);
  if (rows.length > 1) return rows.map(blockOf);
  const columns = cutAlong(tiles, (tile) => [tile.x, tile.x + tile.w]);
  if (columns.length > 1) return columns.map(blockOf);
  const inOrder = tiles.slice().sort((a, b) => a.y - b.y || a.x - b.x);
  const half = Math.ceil(inOrder.length / 2);
  return [blockOf(inOrder.slice(0, half)), blockOf(inOrder.slice(half))];
}

function cutAlong(tiles: TileLayout[], spanOf: (tile: TileLayout) => [number, number]): TileLayout[][] {
  const sorted = tiles.slice().sort((a, b) => spanOf(a)[0] - spanOf(b)[0]);
  const groups: TileLayout[][] = [];
  let end = -Infinity;
  for (const tile of sorted) {
    const [from, to] = spanOf(tile);
    const group = groups[groups.length - 1];
    if (!group || from >= end) groups.push([tile]);
    else group.push(tile);
    end = Math.max(end, to);
  }
  return groups;
}

function blockOf(tiles: TileLayout[]): Block {
  return { tiles, area: sum(tiles.map((tile) => tile.w * tile.h)) };
}

/** Ways to break blocks into lines: all of them for a few, else the evenest for each count. */
function breaks(blocks: Block[]): Block[][][] {
  if (blocks.length > TRIED_IN_FULL) return blocks.map((_block, index) => evenLines(blocks, index + 1));
  const ways: Block[][][] = [];
  for (let choice = 0; choice < 1 << (blocks.length - 1); choice += 1) {
    const lines: Block[][] = [];
    blocks.forEach((block, index) => {
      const line = lines[lines.length - 1];
      if (line && ((choice >> (index - 1)) & 1) === 0) line.push(block);
      else lines.push([block]);
    });
    ways.push(lines);
  }
  return ways;
}

function evenLines(blocks: Block[], count: number): Block[][] {
  const lines: Block[][] = [];
  for (let line = 0; line < count; line += 1) {
    lines.push(blocks.slice(Math.ceil((line * blocks.length) / count), Math.ceil(((line + 1) * blocks.length) / count)));
  }
  return lines.filter((line) => line.length > 0);
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
