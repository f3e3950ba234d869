// How channels are laid into their tile: side by side in a wide one, as lines in a tall one.

const CELL_WIDTH_MIN = 216;
const CELL_HEIGHT_MIN = 128;
const COMPACT_HEIGHT_MIN = 60;
const LINE_HEIGHT_MIN = 62;
/** A tile this much wider than high lays its channels side by side. */
const WIDE_FROM = 1.5;

export interface Cells {
  /** cells: one large figure each; compact: name and figure on a line; lines: all on a line. */
  look: "cells" | "compact" | "lines";
  across: number;
  down: number;
  shown: number;
  more: number;
}

/** Width and height are the room for channels, in units. */
export function cellsFor(width: number, height: number, count: number): Cells {
  const wide = width / Math.max(1, height) >= WIDE_FROM;
  const acrossMost = wide ? Math.max(1, Math.floor(width / CELL_WIDTH_MIN)) : 1;
  const fit = (heightMin: number) => Math.max(1, Math.floor(height / heightMin));
  const large = acrossMost * fit(CELL_HEIGHT_MIN) >= count;
  const look = !wide ? "lines" : large ? "cells" : "compact";
  const downMost = fit({ cells: CELL_HEIGHT_MIN, compact: COMPACT_HEIGHT_MIN, lines: LINE_HEIGHT_MIN }[look]);
  const shown = Math.min(count, acrossMost * downMost);
  const down = wide ? Math.ceil(shown / acrossMost) : shown;
  const across = wide ? Math.ceil(shown / down) : 1;
  return { look, across, down: Math.max(1, down), shown, more: count - shown };
}
