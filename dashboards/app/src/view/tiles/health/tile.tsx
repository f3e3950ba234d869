// How the server itself is: a line for each thing that an operator asks for at night.

import type { HealthRow, HealthValue } from "../../../protocol";
import { TEXT_MIN, type Box } from "../../box";
import { widthEm } from "../../measure";
import { absence, Absent, Frame, headerHeight } from "../../parts/frame";
import { shortened } from "../../parts/fitted";
import { Shape } from "../../parts/shape";
import type { TileProps } from "../../registry";
import "./style.css";

/** In units. */
const ROW_MAX = 116;
const TEXT_MAX = 44;
const TEXT_SHARE = 0.5;
/** The shape with its margin, and the space between both texts, in em. */
const SHAPE_EM = 1.6;
const GAP_EM = 1.2;

export function HealthTile(props: TileProps<HealthValue>) {
  const { layout, value, box, strings } = props;
  const absent = absence(value, strings);
  const rows = (value && value.rows) || [];
  if (absent || rows.length === 0) {
    return (
      <Frame {...props}>
        <Absent text="—" words={absent ? absent.words : strings.noDataYet} />
      </Frame>
    );
  }
  const room = box.height / box.unit - headerHeight(layout, box);
  const height = Math.min(ROW_MAX, room / rows.length);
  const size = sizeOf(rows, height, box);
  const names = Math.max(...rows.map((row) => widthEm(row.title, 500, "text"))) + GAP_EM;
  return (
    <Frame {...props}>
      <div class="health" style={{ fontSize: `${size * box.unit}px` }}>
        {rows.map((row) => (
          <Row key={row.id} row={row} names={names} height={height} size={size} box={box} />
        ))}
      </div>
    </Frame>
  );
}

/** As large as the rows are high, and smaller before a sentence is cut. */
function sizeOf(rows: HealthRow[], height: number, box: Box): number {
  const names = Math.max(...rows.map((row) => widthEm(row.title, 500, "text")));
  const texts = Math.max(...rows.map((row) => widthEm(row.text, 600, "text")));
  const fits = box.width / box.unit / (SHAPE_EM + names + GAP_EM + texts);
  return Math.max(TEXT_MIN, Math.floor(Math.min(TEXT_MAX, height * TEXT_SHARE, fits)));
}

interface RowProps {
  row: HealthRow;
  /** In em. */
  names: number;
  height: number;
  size: number;
  box: Box;
}

function Row({ row, names, height, size, box }: RowProps) {
  const room = box.width / box.unit / size - SHAPE_EM - names;
  const fits = (part: string) => widthEm(part, 600, "text") <= room;
  return (
    <p class={`health-row tone-${row.tone}`} style={{ height: `${height * box.unit}px` }}>
      <Shape name={row.tone === "plain" ? "none" : row.tone} />
      <span class="health-title" style={{ width: `${names}em` }}>
        {row.title}
      </span>
      <span class="health-text figures">{fits(row.text) ? row.text : shortened(row.text, fits)}</span>
    </p>
  );
}
