// Where a tile's title, subtitle and the badge of its tone stand: on as few lines as hold all their
// words. A badge's word always stands beside its shape.

import type { TileLayout } from "../../protocol";
import { TEXT_MIN, type Box } from "../box";
import { widthEm } from "../measure";
import { BETWEEN } from "./fitted";

/** Heights in units, as the style sheet has them. */
export const TITLE_HEIGHT = 36;
export const SUBTITLE_HEIGHT = 32;
/** Each of two lines of a long title. */
const TITLE_LINE = 31;
/** Text sizes in units: the title's when there is room, and the least. */
const TITLE_SIZE = 30;
const BADGE_SIZE = TEXT_MIN;
/** The badge's shape with its margins, and what stands between two texts, in units. */
const BADGE_SHAPE = 38;
const GAP = 12;
/** Below this height a tile has no line for a badge alone. */
const OWN_LINE_FROM = 180;
/** What rounding may take, in units. */
const SLACK = 2;

export interface Head {
  titleSize: number;
  titleLines: number;
  /** The subtitle beside the title or below; with the badge in the title's line, the subtitle's, or its own. */
  subtitle: "beside" | "below" | "none";
  badge: "title" | "subtitle" | "own";
  /** The room for a subtitle below, in units. */
  subtitleWidth: number;
  /** Of all lines, in units. */
  height: number;
}

export function badgeWidth(words: string): number {
  return words ? widthEm(words, 500, "text") * BADGE_SIZE + BADGE_SHAPE : 0;
}

/** `aside` is the width of what stands at the right end: a badge, a page's number. In units. */
export function headOf(layout: TileLayout, box: Box, aside: number, isBadge = true): Head {
  const width = box.width / box.unit - SLACK;
  const { title = "", subtitle = "" } = layout;
  const titleEm = widthEm(title, 500, "text");
  const subtitleWidth = widthEm(subtitle, 400, "text") * TEXT_MIN;
  const besides = aside ? aside + GAP : 0;
  const below = subtitle ? SUBTITLE_HEIGHT : 0;
  const head = (change: Partial<Head>): Head => ({
    titleSize: TITLE_SIZE,
    titleLines: 1,
    subtitle: subtitle ? "below" : "none",
    badge: "title",
    subtitleWidth: width,
    height: TITLE_HEIGHT + below,
    ...change,
  });
  if (!title && !subtitle && !aside) return head({ height: 0 });
  for (const titleSize of [TITLE_SIZE, TEXT_MIN]) {
    const together = titleEm * titleSize + GAP + subtitleWidth + besides;
    if (subtitle && together <= width) return head({ titleSize, subtitle: "beside", height: TITLE_HEIGHT });
    if (titleEm * titleSize + besides <= width) return head({ titleSize });
  }
  // The title needs the whole width. What is no badge is short, and stays at the right end.
  const fits = titleEm * TEXT_MIN <= width;
  const titleLines = fits && isBadge ? 1 : 2;
  const titleHeight = titleLines === 1 ? TITLE_HEIGHT : titleLines * TITLE_LINE;
  const long = { titleSize: TEXT_MIN, titleLines };
  if (!aside || !isBadge) return head({ ...long, height: titleHeight + below });
  const hasRoom = box.height / box.unit >= OWN_LINE_FROM;
  // Below two lines of title the subtitle may lose its last parts, but no half words.
  const needed = titleLines === 1 ? subtitle : subtitle.split(BETWEEN)[0] || "";
  if (subtitle && widthEm(needed, 400, "text") * TEXT_MIN + besides > width && hasRoom) {
    return head({ ...long, badge: "own", height: titleHeight + 2 * SUBTITLE_HEIGHT });
  }
  return head({ ...long, badge: "subtitle", subtitleWidth: width - besides, height: titleHeight + SUBTITLE_HEIGHT });
}
