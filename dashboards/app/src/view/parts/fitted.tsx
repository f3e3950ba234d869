// A line of text that fits: a little smaller when it must be, then without its last parts
// ("8 talking · 2 after work · 3 paused" loses a whole part, not half a word).

import { TEXT_MIN, type Box } from "../box";
import { widthEm } from "../measure";

const TEXT_SIZE = 22;
const BETWEEN = " · ";

interface Props {
  class: string;
  text: string;
  width: number;
  /** The text's size in units when there is room. */
  largest?: number;
  box: Box;
}

export function Fitted({ class: name, text, width, largest = TEXT_SIZE, box }: Props) {
  const fits = (part: string, size: number) => widthEm(part, 400, "text") * size * box.unit <= width;
  if (fits(text, largest)) return <span class={name}>{text}</span>;
  const parts = text.split(BETWEEN);
  while (parts.length > 1 && !fits(parts.join(BETWEEN), TEXT_MIN)) parts.pop();
  return (
    <span class={name} style={{ fontSize: `${TEXT_MIN * box.unit}px` }}>
      {parts.join(BETWEEN)}
    </span>
  );
}
