// How channels are laid into their tile: side by side in a wide one, as lines in a tall one. Each
// gets the width that its words need; what does not fit is turned page by page.

import { pagesFor, type Pages } from "../../paging";

/** Heights in units of a channel with its name, figure and state below each other; of one with the
    state alone below; of one with all on a line. */
const CELL_HEIGHT = 144;
const COMPACT_HEIGHT = 78;
const LINE_HEIGHT = 46;
const LINE_HEIGHT_MAX = 96;

export type Look = "cells" | "compact" | "lines";

export interface Cells {
  look: Look;
  across: number;
  down: number;
  pages: Pages;
}

/** The least widths of the channels in each look, in units. */
export interface Needs {
  cells: number;
  compact: number;
  lines: number;
}

/** Width and height are the room for channels, in units. */
export function cellsFor(width: number, height: number, count: number, needs: Needs): Cells {
  const fit = (room: number, each: number) => Math.max(1, Math.floor(room / Math.max(1, each)));
  const gridOf = (look: Look, across: number, heightMin: number): Cells => {
    const downMost = fit(height, heightMin);
    const pages = pagesFor(count, across * downMost);
    const down = Math.min(downMost, Math.ceil(pages.each / across));
    return { look, across: look === "lines" ? 1 : Math.min(across, Math.ceil(pages.each / down)), down, pages };
  };
  const looks = [
    gridOf("cells", fit(width, needs.cells), CELL_HEIGHT),
    gridOf("lines", 1, LINE_HEIGHT),
    gridOf("compact", fit(width, needs.compact), COMPACT_HEIGHT),
  ].filter((cells) => cells.look === "compact" || (needs[cells.look] <= width && (cells.look === "lines" || height >= CELL_HEIGHT)));
  const fewest = looks.reduce((least, cells) => Math.min(least, cells.pages.count), Infinity);
  // The first of those with the fewest pages: the larger ones come first.
  const isRoomy = (cells: Cells) => cells.look !== "lines" || height / cells.down <= LINE_HEIGHT_MAX;
  const best = looks.filter((cells) => cells.pages.count === fewest);
  return best.filter(isRoomy)[0] || (best[0] as Cells);
}
