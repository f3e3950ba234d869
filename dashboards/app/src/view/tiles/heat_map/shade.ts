// The colour of a level: from the empty track to a blue that dark text can be read on.

const EMPTY = [26, 37, 49];
const FULL = [122, 193, 255];
/** From here on, text is dark. */
const DARK_TEXT_FROM = 0.55;

export function shadeOf(level: number): string {
  const share = Math.max(0, Math.min(1, level));
  const parts = EMPTY.map((from, place) => Math.round(from + ((FULL[place] || 0) - from) * share));
  return `rgb(${parts.join(",")})`;
}

export function isTextDark(level: number): boolean {
  return level >= DARK_TEXT_FROM;
}
