// Which columns of a list fit: the least important ones go first, so that nothing is cut that
// somebody must read.

export interface Column {
  /** The width of its longest text, in em. */
  width: number;
  /** Those with a lower rank go first. */
  rank: number;
  /** It can be cut with an ellipsis: so much of it must be there, in em. */
  least?: number;
}

/** What the columns need side by side, in em. */
export function widthOf(columns: Column[], gap: number): number {
  const needs = columns.map((column) => (column.least === undefined ? column.width : Math.min(column.width, column.least)));
  return needs.reduce((sum, width) => sum + width, gap * Math.max(0, columns.length - 1));
}

/** The places of the columns that fit into `room`, in em; `gap` is between two of them. */
export function columnsThatFit(columns: Column[], room: number, gap: number): number[] {
  let kept = columns.map((_, place) => place);
  const total = () => widthOf(kept.map((place) => columns[place]).filter(isThere), gap);
  const rank = (place: number) => columns[place]?.rank ?? 0;
  while (kept.length > 1 && total() > room) {
    const first = kept.reduce((least, place) => (rank(place) < rank(least) ? place : least));
    kept = kept.filter((place) => place !== first);
  }
  return kept;
}

function isThere(column: Column | undefined): column is Column {
  return column !== undefined;
}
