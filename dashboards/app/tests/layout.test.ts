import { describe, expect, test } from "vitest";
import type { ChannelEntry } from "../src/protocol";
import type { TileLayout } from "../src/protocol";
import { upright } from "../src/view/arrange";
import { pageMs, pagesFor, pageStart } from "../src/view/paging";
import { pairsOf } from "../src/view/parts/figure";
import { shortened } from "../src/view/parts/fitted";
import { ageOf } from "../src/view/tiles/channel_strip/age";
import { en } from "../src/i18n/en";
import { stateWords } from "../src/view/tiles/channel_strip/state";
import { cellsFor } from "../src/view/tiles/channel_strip/cells";
import { arcFor, pointAt, roomInside } from "../src/view/tiles/gauge/arc";
import { columnsFor } from "../src/view/tiles/queue_table/columns";
import { rowsFor } from "../src/view/tiles/queue_table/rows";
import { labelTops } from "../src/view/tiles/trend/labels";
import { placeMarks, type Placed } from "../src/view/tiles/trend/marks";
import { niceTop, timeSplits, valueSplits } from "../src/view/tiles/trend/scale";
import { hoursMinutes, siteTime } from "../src/view/sitetime";

describe("table rows", () => {
  test("few rows share the whole room, up to a limit", () => {
    expect(rowsFor(480, 8, 0, 46)).toMatchObject({ pages: { count: 1, each: 8 }, height: 60 });
    expect(rowsFor(480, 2, 0, 46).height).toBe(84);
  });

  test("what does not fit is turned under the pinned rows, in pages of one height", () => {
    const rows = rowsFor(480, 30, 2, 46);
    expect(rows.pinned).toBe(2);
    expect(rows.pages).toEqual({ count: 4, each: 8, more: 0 });
    expect(rows.height * (2 + 8)).toBeLessThanOrEqual(480);
  });

  test("pinned rows never take the whole page", () => {
    expect(rowsFor(60, 3, 2, 46)).toMatchObject({ pinned: 0, pages: { count: 3, each: 1 } });
  });
});

describe("table columns", () => {
  const measures = { name: (text: string) => text.length / 2, head: (text: string) => text.length / 2, figure: (text: string) => text.length / 2 };
  const texts = (names: string[], heads = ["Misses left"]) => ({ names, heads, cells: heads.map(() => [{ text: "12", marked: false }]) });

  test("names and heads stay on one line while they can, heads break before names do", () => {
    expect(columnsFor(600, texts(["Support"]), 28, measures)).toMatchObject({ headLines: 1, nameLines: 1, fits: true });
    expect(columnsFor(380, texts(["Business support"]), 28, measures)).toMatchObject({ headLines: 2, nameLines: 1, fits: true });
    expect(columnsFor(300, texts(["Business support"]), 28, measures)).toMatchObject({ nameLines: 2, fits: true });
  });

  test("columns that have no room beside a name are left out, and nothing stands out", () => {
    const plan = columnsFor(340, texts(["Support"], ["One", "Two", "Three", "Four"]), 28, measures);
    expect(plan.widths.length).toBeLessThan(4);
    expect(plan.name + plan.widths.reduce((sum, one) => sum + one, 0)).toBeCloseTo(340);
  });
});

describe("pages", () => {
  test("everything is seen within a minute, and no page changes before five seconds are over", () => {
    for (let entries = 1; entries <= 200; entries += 1) {
      const pages = pagesFor(entries, 6);
      expect(pages.count * pages.each + pages.more).toBeGreaterThanOrEqual(entries);
      expect(pages.count * pageMs(pages.count)).toBeLessThanOrEqual(60_000);
      expect(pageMs(pages.count)).toBeGreaterThanOrEqual(5_000);
    }
    const pages = pagesFor(14, 6);
    expect([0, 1, 2].map((page) => pageStart(pages, page, 14))).toEqual([0, 6, 8]);
    expect(pagesFor(80, 6)).toEqual({ count: 12, each: 6, more: 8 });
  });
});

describe("a figure", () => {
  test("that is a length of time has its units small, each by itself", () => {
    expect(pairsOf("2\u00a0h\u00a010\u00a0min", "")).toEqual([{ number: "2", unit: "h" }, { number: "10", unit: "min" }]);
    expect(pairsOf("45 с", "")).toEqual([{ number: "45", unit: "с" }]);
  });

  test("that is none stays in one piece", () => {
    for (const text of ["21\u00a0017", "1\u00a0234\u00a0567\u00a0890", "81", "−3", "•••", "n/a"]) {
      expect(pairsOf(text, "%")).toEqual([{ number: text, unit: "%" }]);
    }
  });
});

describe("a board on an upright screen", () => {
  const tile = (id: string, type: string, x: number, y: number, w: number, h: number): TileLayout => ({ id, type, x, y, w, h });
  const floor = [
    tile("sl", "gauge", 0, 0, 9, 6), tile("queues", "queue_table", 0, 6, 9, 6),
    ...["a", "b", "clock", "c", "d", "e"].map((id, index) => tile(id, "number", 9 + 5 * (index % 3), 3 * Math.floor(index / 3), 5, 3)),
    tile("trend", "trend", 9, 6, 10, 3), tile("f", "number", 19, 6, 5, 3),
    tile("channels", "channel_strip", 9, 9, 10, 3), tile("g", "number", 19, 9, 5, 3),
  ];
  // No line crosses it without crossing a tile.
  const wheel = [tile("a", "number", 0, 0, 16, 6), tile("b", "number", 16, 0, 8, 8), tile("c", "number", 8, 8, 16, 4), tile("d", "number", 0, 6, 8, 6), tile("e", "number", 8, 6, 8, 2)];
  const many = Array.from({ length: 48 }, (_one, index) => tile(String(index), "number", 3 * (index % 8), 2 * Math.floor(index / 8), 3, 2));
  for (const [name, tiles] of [["floor", floor], ["wheel", wheel], ["many", many]] as const) {
    test(`fills the screen without overlaps: ${name}`, () => {
      const { columns, rows, tiles: laid } = upright({ id: name, title: name, columns: 24, rows: 12, tiles });
      expect(laid.map((one) => one.id)).toEqual(tiles.map((one) => one.id));
      expect(laid.reduce((sum, one) => sum + one.w * one.h, 0)).toBeCloseTo(columns * rows);
      laid.forEach((one, index) => {
        expect(Math.min(one.x, one.y, columns - one.x - one.w, rows - one.y - one.h)).toBeGreaterThanOrEqual(-0.001);
        for (const other of laid.slice(index + 1)) {
          const across = Math.min(one.x + one.w, other.x + other.w) - Math.max(one.x, other.x);
          const down = Math.min(one.y + one.h, other.y + other.h) - Math.max(one.y, other.y);
          expect(Math.min(across, down)).toBeLessThan(0.001);
        }
      });
    });
  }

  test("gives tables and lines the width, and no figure less than it needs", () => {
    const { tiles } = upright({ id: "floor", title: "Floor", columns: 24, rows: 12, tiles: floor });
    for (const one of tiles) {
      expect(one.w).toBeGreaterThan(one.type === "number" ? 330 : 690);
      expect(one.h).toBeGreaterThan(215);
    }
  });
});

describe("channel cells", () => {
  const needs = { cells: 240, compact: 330, lines: 420 };

  test("three stand side by side in a wide tile, as lines in a tall one", () => {
    expect(cellsFor(740, 180, 3, needs)).toMatchObject({ look: "cells", across: 3, down: 1, pages: { count: 1 } });
    expect(cellsFor(430, 240, 3, needs)).toMatchObject({ look: "lines", across: 1, down: 3, pages: { count: 1 } });
  });

  test("many are turned page by page, and none is left out", () => {
    const cells = cellsFor(740, 180, 14, needs);
    expect(cells.pages.count * cells.pages.each).toBeGreaterThanOrEqual(14);
    expect(cells.pages.more).toBe(0);
  });

  test("a name wider than the tile still has a cell", () => {
    expect(cellsFor(300, 180, 4, { cells: 900, compact: 900, lines: 900 })).toMatchObject({ look: "compact", across: 1 });
  });
});

describe("the state of a channel", () => {
  const now = 7_200_000;
  const channel = { name: "pbx", title: "Phones", health: "live" as const, last_event_ms: now - 25_000 };
  const said = (entry: Partial<ChannelEntry>, letters: number) => {
    const heard = { ...channel, ...entry };
    const last = typeof heard.last_event_ms === "number" ? ageOf(heard.last_event_ms, now) : null;
    const words = stateWords(heard, last, now, en, (way) => `${way.health} ${way.rest}`.length <= letters);
    return `${words.health} ${words.rest}`.trim();
  };

  test("a channel that works says when it was last heard", () => {
    expect(said({}, 99)).toBe("live 20 s ago");
    expect(said({ last_event_ms: now - 5_000 }, 99)).toBe("live now");
    expect(said({ last_event_ms: null }, 99)).toBe("live nothing yet");
    expect(said({ last_event_ms: null, health: "no_data" }, 99)).toBe("no data yet");
  });

  test("a quiet night is quiet and no more", () => {
    expect(said({ why: "closed", last_event_ms: 0 }, 99)).toBe("quiet closed · 2 h ago");
    expect(said({ why: "usual", last_event_ms: 0 }, 16)).toBe("quiet as usual");
    expect(said({ why: "usual", last_event_ms: 0 }, 5)).toBe("quiet");
  });

  test("what is broken says why and since when, and why where there is little room", () => {
    const broken = { health: "silent", why: "link", since_ms: now - 720_000 } as const;
    expect(said(broken, 99)).toBe("silent no connection · 12 min");
    expect(said(broken, 22)).toBe("no connection 12 min");
    expect(said(broken, 5)).toBe("no connection");
  });
});

test("ages are told in their largest unit, in steps of ten seconds, and never come from the future", () => {
  expect(ageOf(1_000, 500)).toEqual({ value: 0, unit: "s" });
  expect(ageOf(0, 59_999)).toEqual({ value: 50, unit: "s" });
  expect(ageOf(0, 3_599_999)).toEqual({ value: 59, unit: "min" });
  expect(ageOf(0, 90_000_000)).toEqual({ value: 1, unit: "d" });
});

describe("the gauge's arc", () => {
  for (const [width, height] of [[660, 320], [430, 400], [300, 600]] as const) {
    test(`fits into ${width}×${height}, and the figure inside it`, () => {
      const arc = arcFor(width, height);
      for (let share = 0; share <= 1; share += 0.05) {
        const point = pointAt(arc, share, arc.radius + arc.stroke / 2);
        expect(point.x).toBeGreaterThanOrEqual(0);
        expect(point.x).toBeLessThanOrEqual(width);
        expect(point.y).toBeGreaterThanOrEqual(0);
        expect(point.y).toBeLessThanOrEqual(height);
      }
      const room = roomInside(arc, arc.centreY - 20);
      const corner = Math.hypot(room.width / 2, room.height + 20);
      expect(corner).toBeLessThan(arc.radius - arc.stroke / 2);
    });
  }
});

describe("the trend's ticks", () => {
  test("the value axis ends on a whole tick at or above the largest value", () => {
    expect([0, 1, 3, 28, 34, 101].map(niceTop)).toEqual([2, 2, 3, 30, 40, 150]);
    expect(valueSplits(30)).toEqual([0, 10, 20, 30]);
  });

  test("time ticks stand on the site's full quarters, also where the offset is odd", () => {
    const kathmandu = (5 * 60 + 45) * 60;
    const from = Date.UTC(2026, 10, 22, 7, 1) / 1_000;
    const splits = timeSplits(from, from + 3_600, kathmandu);
    expect(splits.map((second) => hoursMinutes(second * 1_000, kathmandu * 1_000))).toEqual(["13:00", "13:15", "13:30"]);
  });

  test("labels keep apart and inside", () => {
    expect(labelTops([50, 55], [40, 40], 200)).toEqual([30, 70]);
    expect(labelTops([195, 190], [40, 40], 200)).toEqual([160, 120]);
    expect(labelTops([null, 10], [40, 40], 200)).toEqual([160, 0]);
    // A name alone needs less room than a name with its value.
    expect(labelTops([100, 100], [80, 40], 200)).toEqual([60, 140]);
  });
});

describe("annotations on a trend", () => {
  const area = { left: 40, top: 30, width: 500, height: 100 };
  const moment = (from: number, words: number) => ({ from, to: from, words });
  const place = (...spans: { from: number; to: number; words: number }[]) => placeMarks(spans, area, 30, 50, false);

  test("the words stand after the pin, before it at the right end", () => {
    expect(place(moment(100, 120))).toMatchObject([{ pin: 100, words: { left: 115, width: 120, before: false } }]);
    // A pin of this very moment stays on the chart.
    expect(place(moment(600, 120))).toMatchObject([{ at: 540, length: 0, pin: 540, words: { left: 405, width: 120, before: true } }]);
  });

  test("a band begins and ends with the chart", () => {
    expect(place({ from: -50, to: 900, words: 80 })).toMatchObject([{ at: 40, pin: 40, length: 500 }]);
  });

  test("long words are cut rather than another's are covered", () => {
    const placed = place(moment(60, 400), moment(300, 400), moment(530, 90));
    expect(placed).toHaveLength(3);
    const ends = (one: Placed) => [one.words.left, one.words.left + one.words.width, one.pin] as const;
    placed.slice(1).forEach((one, index) => {
      const [left, , pin] = ends(one);
      expect(Math.min(left, pin - 15)).toBeGreaterThanOrEqual(ends(placed[index] as Placed)[1]);
    });
  });

  test("what finds no room is left out, the oldest first", () => {
    expect(place(moment(300, 200), moment(310, 200)).map((one) => one.index)).toEqual([1]);
  });
});

test("the site's time knows nothing of the browser's zone", () => {
  const ms = Date.UTC(2026, 10, 22, 23, 30, 5);
  expect(siteTime(ms, 3_600_000)).toEqual({ hours: "00", minutes: "30", seconds: "05", weekday: 1, day: 23, month: 10 });
});

test("a line that is too long loses whole words, and says so", () => {
  const shown = (letters: number) => shortened("Forms: solved in 45 min", (part) => part.length <= letters);
  expect([20, 14, 8, 2].map(shown)).toEqual(["Forms: solved in 45…", "Forms: solved…", "Forms…", "Forms…"]);
});
