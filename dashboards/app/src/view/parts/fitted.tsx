// A line of text that fits: without its last parts when it must be ("8 talking · 2 after work ·
// 3 paused" loses a whole part, not half a word), and without its last words when one part is too long.

import { TEXT_MIN, type Box } from "../box";
import { widthEm } from "../measure";

/** Between the parts of a line, of which the last may be left out. */
export const BETWEEN = " · ";

interface Props {
  class: string;
  text: string;
  /** In pixels. */
  width: number;
  box: Box;
}

export function Fitted({ class: name, text, width, box }: Props) {
  return <span class={name}>{fittedText(text, width / box.unit)}</span>;
}

/** The width is in units. */
export function fittedText(text: string, width: number): string {
  const fits = (part: string) => widthEm(part, 400, "text") * TEXT_MIN <= width;
  const parts = text.split(BETWEEN);
  while (parts.length > 1 && !fits(parts.join(BETWEEN))) parts.pop();
  const whole = parts.join(BETWEEN);
  return fits(whole) ? whole : shortened(whole, fits);
}

/** Whole words from the beginning, and a sign that there were more: "Forms: solved…". */
export function shortened(text: string, fits: (part: string) => boolean): string {
  const words = text.split(" ");
  while (words.length > 1 && !fits(`${words.join(" ")}…`)) words.pop();
  return `${words.join(" ").replace(/[,:;.]$/, "")}…`;
}
