// One row per queue, policy or topic, sized to fill the tile, from its top. What burns stands first,
// as the server has sorted it; what does not fit is turned page by page, under the pinned rows.

import { useRef } from "preact/hooks";
import type { QueueCell, QueueRow, QueueTableValue } from "../../../protocol";
import { widthEm } from "../../measure";
import { PAGES_MAX, pageStart, usePage } from "../../paging";
import { absence, Absent, callOf, Frame, headerHeight, noteHeight } from "../../parts/frame";
import { raisedClass } from "../../parts/list";
import { iconOf, Shape } from "../../parts/shape";
import type { TileProps } from "../../registry";
import { columnsFor, nameSize, type Columns, type Measures, type Texts } from "./columns";
import { rowHeight, rowsFor, textSizeFor, type Rows } from "./rows";
import "./style.css";

const HEAD_HEIGHTS = [40, 68];
/** What a page's number takes in the head, whatever it is: the table must not move with it. */
const PAGE_PATTERN = "00 / 00";
const MANY = 100;

/** A marker with its margin, as the style sheet has it. */
const MARKER_EM = 1.02;

const MEASURES: Measures = {
  name: (text) => widthEm(text, 500, "text"),
  head: (text) => widthEm(text, 500, "text"),
  figure: (text, marked) => widthEm(text, 500, "text") + (marked ? MARKER_EM : 0),
};

export function QueueTableTile(props: TileProps<QueueTableValue>) {
  const { layout, value, box, strings } = props;
  const absent = absence(value, strings);
  const all = (!absent && value && value.rows) || [];
  const columns = (value && value.columns) || [];
  const footer = noteHeight(value);
  const width = box.width / box.unit;
  const isLong = Boolean(value && value.more) || all.length > PAGES_MAX;
  const asideRoom = isLong ? `${strings.moreRows(MANY)} · ${PAGE_PATTERN}` : PAGE_PATTERN;
  const badge = callOf(value, layout, box, asideRoom);
  const room = box.height / box.unit - headerHeight(layout, box, badge, asideRoom) - footer;
  const pinned = all.filter((row) => row.pinned);
  const texts: Texts = {
    names: all.map((row) => row.name),
    heads: columns.map((column) => column.title),
    cells: columns.map((_column, index) => all.map((row) => ({ text: textOf(row.cells[index]), marked: isMarked(row.cells[index]) }))),
  };
  const kept = useKeptWidths(`${width}|${texts.heads.join("|")}`);
  const planAt = (size: number) => {
    const calm = columnsFor(width, texts, size, MEASURES, kept.at(size));
    return calm.fits ? calm : columnsFor(width, texts, size, MEASURES);
  };
  const rowsAt = (size: number, plan: Columns) =>
    rowsFor(room - headHeight(plan), all.length, pinned.length, rowHeight(size, plan.nameLines));
  const size = textSizeFor((one) => {
    const plan = planAt(one);
    return plan.fits && rowsAt(one, plan).pages.count === 1;
  });
  const plan = planAt(size);
  kept.keep(size, plan.widths);
  const rows = rowsAt(size, plan);
  const page = usePage(rows.pages.count);
  if (all.length === 0) {
    return (
      <Frame {...props}>
        <Absent text={absent ? absent.text : "—"} words={absent ? absent.words : strings.noDataYet} />
      </Frame>
    );
  }
  const shown = rowsOn(page, all, rows);
  const more = rows.pages.more + ((value && value.more) || 0);
  const pageWords = rows.pages.count > 1 ? `${page + 1} / ${rows.pages.count}` : "";
  const aside = [more > 0 ? strings.moreRows(more) : "", pageWords].filter(Boolean).join(" · ");
  const px = (units: number) => `${units * box.unit}px`;
  return (
    <Frame {...props} badge={badge} aside={aside} asideRoom={asideRoom}>
      <table class="queues figures" style={{ fontSize: px(size) }}>
        <colgroup>
          <col style={{ width: px(plan.name) }} />
          {plan.widths.map((one, index) => (
            <col key={index} style={{ width: px(one) }} />
          ))}
        </colgroup>
        <thead>
          <tr style={{ height: px(headHeight(plan)) }}>
            <th class="queue-name" />
            {plan.widths.map((_width, index) => (
              <th key={index}>{texts.heads[index]}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((row) => (
            <tr key={row.name} class={raisedClass(row.raised)} style={{ height: px(rows.height) }}>
              <td class="queue-name">
                <div class="queue-name-words" style={{ fontSize: px(nameSize(size)) }}>
                  {row.name}
                </div>
              </td>
              {plan.widths.map((_width, index) => (
                <Cell key={index} cell={row.cells[index]} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Frame>
  );
}

/** The pinned rows, and those of the page. All rows keep their order when they fit at once. */
function rowsOn(page: number, all: QueueRow[], { pinned, pages }: Rows): QueueRow[] {
  const kept = all.filter((row) => row.pinned).slice(0, pinned);
  const others = all.filter((row) => kept.indexOf(row) < 0);
  const start = pageStart(pages, page, others.length);
  return kept.concat(others.slice(start, start + pages.each));
}

function headHeight(plan: Columns): number {
  return HEAD_HEIGHTS[plan.headLines - 1] as number;
}

/** A table full of checks would say nothing: only what needs a look has a shape. */
function isMarked(cell: QueueCell | undefined): boolean {
  return Boolean(cell) && (cell as QueueCell).tone !== undefined && /warn|bad/.test((cell as QueueCell).tone as string);
}

function textOf(cell: QueueCell | undefined): string {
  return cell ? cell.text : "—";
}

/** The widest that each column was, by text size: "59 s" and "1 min 00 s" take turns in one width. */
function useKeptWidths(shape: string) {
  const kept = useRef<{ shape: string; widths: Record<number, number[]> }>({ shape, widths: {} });
  if (kept.current.shape !== shape) kept.current = { shape, widths: {} };
  const { widths } = kept.current;
  return {
    at: (size: number) => widths[size] || [],
    keep: (size: number, now: number[]) => {
      widths[size] = now;
    },
  };
}

function Cell({ cell }: { cell: QueueCell | undefined }) {
  const tone = (cell && cell.tone) || "plain";
  return (
    <td class={`tone-${tone}`}>
      {(tone === "warn" || tone === "bad") && <Shape name={iconOf(cell && cell.icon) || tone} />}
      {textOf(cell)}
    </td>
  );
}
