// A list with columns: as many rows as fit, the rest counted; as many columns as fit.

import type { Strings } from "../../i18n/strings";
import type { Tone } from "../../protocol";
import type { Box } from "../box";
import { widthEm } from "../measure";
import { columnsThatFit, widthOf, type Column } from "./columns";
import { firstRows } from "./first_rows";
import { iconOf, Shape } from "./shape";
import "./list.css";

/** Between two columns, in em of the rows' text. */
const GAP_EM = 1.1;
/** What a cell's shape takes, in em. */
const SHAPE_EM = 1.1;
const HEAD_HEIGHT = 40;
const HEAD_SIZE = 28;
/** The width of a name of 25 letters, in em. */
const NAME_EM = 13;
/** Before a column is left out, text becomes as small as this, in units. */
const TEXT_LEAST = 28;

export interface ListColumn {
  title: string;
  /** Columns with a lower rank are left out first. */
  rank: number;
  align?: "right";
  /** It may be cut; so much of it must be there, in em. */
  least?: number;
  look?: "soft" | "mark";
}

export interface ListCell {
  text: string;
  tone?: Tone | undefined;
  /** Instead of the tone's own shape. */
  icon?: string | undefined;
}

interface Props {
  columns: ListColumn[];
  /** One cell for each column. */
  rows: ListCell[][];
  /** How grave the rule is that holds in each row. */
  raised?: (Tone | undefined)[];
  more: number;
  /** The room for all of it, in units. */
  height: number;
  box: Box;
  strings: Strings;
}

export function List({ columns, rows, raised, more, height, box, strings }: Props) {
  const { shown, more: left, height: rowHeight, textSize: largest } = firstRows(height - HEAD_HEIGHT, rows.length, more);
  const visible = rows.slice(0, shown);
  const room = box.width / box.unit;
  const widthsAt = (size: number): Column[] =>
    columns.map((column, place) => {
      const head = (widthEm(column.title, 500, "text") * HEAD_SIZE) / size;
      const width = Math.max(head, ...visible.map((row) => textEm(row[place])));
      // A name of usual length is never cut: a column that matters less goes first.
      const least = Math.max(column.least || 0, Math.min(width, NAME_EM));
      return column.least === undefined ? { width, rank: column.rank } : { width, rank: column.rank, least };
    });
  let textSize = Math.floor(largest);
  while (textSize > Math.min(largest, TEXT_LEAST) && widthOf(widthsAt(textSize), GAP_EM) * textSize > room) textSize -= 1;
  const kept = columnsThatFit(widthsAt(textSize), room / textSize, GAP_EM);
  const gap = `${GAP_EM * textSize * box.unit}px`;
  const size = { height: `${rowHeight * box.unit}px` };
  return (
    <table class="list figures" style={{ fontSize: `${textSize * box.unit}px` }}>
      <thead>
        <tr style={{ height: `${HEAD_HEIGHT * box.unit}px` }}>
          {kept.map((place, index) => (
            <th key={place} class={classOf(columns[place])} style={{ paddingLeft: index > 0 ? gap : "0" }}>
              {columns[place]?.title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {visible.map((row, line) => (
          <tr key={line} class={raisedClass(raised && raised[line])} style={size}>
            {kept.map((place, index) => (
              <Cell key={place} cell={row[place]} column={columns[place]} gap={index > 0 ? gap : "0"} />
            ))}
          </tr>
        ))}
        {left > 0 && (
          <tr style={size}>
            <td class="list-more" colSpan={kept.length}>
              {strings.moreRows(left)}
            </td>
          </tr>
        )}
      </tbody>
    </table>
  );
}

function Cell({ cell, column, gap }: { cell: ListCell | undefined; column: ListColumn | undefined; gap: string }) {
  const tone = (cell && cell.tone) || "plain";
  return (
    <td class={`${classOf(column)} tone-${tone}`} style={{ paddingLeft: gap }}>
      {isMarked(tone) && <Shape name={iconOf(cell && cell.icon) || tone} />}
      {cell ? cell.text : "—"}
    </td>
  );
}

/** Of a row in which a rule holds. */
export function raisedClass(tone: Tone | undefined): string {
  return tone && isMarked(tone) ? `is-raised tone-${tone}` : "";
}

function classOf(column: ListColumn | undefined): string {
  if (!column) return "";
  const cut = column.least === undefined ? "" : " cut";
  return `${column.align || "left"}${cut} ${column.look || ""}`;
}

// Only what needs a look has a shape.
function isMarked(tone: Tone): tone is "warn" | "bad" {
  return tone === "warn" || tone === "bad";
}

function textEm(cell: ListCell | undefined): number {
  if (!cell) return 1;
  return widthEm(cell.text, 500, "text") + (isMarked(cell.tone || "plain") ? SHAPE_EM : 0);
}
