import { describe, expect, test } from "vitest";
import type { ChannelEntry } from "../src/protocol";
import { ageOf } from "../src/view/tiles/channel_strip/age";
import { en } from "../src/i18n/en";
import { stateWords } from "../src/view/tiles/channel_strip/state";
import { cellsFor } from "../src/view/tiles/channel_strip/cells";
import { arcFor, pointAt, roomInside } from "../src/view/tiles/gauge/arc";
import { rowsFor } from "../src/view/tiles/queue_table/rows";
import { labelTops } from "../src/view/tiles/trend/labels";
import { placeMarks, type Placed } from "../src/view/tiles/trend/marks";
import { niceTop, timeSplits, valueSplits } from "../src/view/tiles/trend/scale";
import { hoursMinutes, siteTime } from "../src/view/sitetime";

describe("queue rows", () => {
  test("few queues share the whole room, up to a limit", () => {
    expect(rowsFor(480, 8, 0)).toMatchObject({ shown: 8, more: 0, height: 60 });
    expect(rowsFor(480, 2, 0).height).toBe(104);
  });

  test("what doesn't fit is counted together with what the server left out", () => {
    const rows = rowsFor(480, 24, 6);
    expect(rows.shown + rows.more).toBe(30);
    expect(rows.height * (rows.shown + 1)).toBeLessThanOrEqual(480);
  });

  test("a row only for the count is made when the server left some out", () => {
    expect(rowsFor(480, 10, 3)).toMatchObject({ shown: 9, more: 4 });
  });
});

describe("channel cells", () => {
  test("three stand side by side in a wide tile, as lines in a tall one", () => {
    expect(cellsFor(740, 190, 3)).toMatchObject({ look: "cells", across: 3, down: 1, more: 0 });
    expect(cellsFor(430, 470, 3)).toMatchObject({ look: "lines", across: 1, down: 3, more: 0 });
  });

  test("many become compact before any is left out", () => {
    expect(cellsFor(740, 190, 9)).toMatchObject({ look: "compact", shown: 9, more: 0 });
    expect(cellsFor(740, 190, 14)).toMatchObject({ shown: 9, more: 5 });
  });
});

describe("the state of a channel", () => {
  const now = 7_200_000;
  const channel = { name: "pbx", title: "Phones", health: "live" as const, last_event_ms: now - 5_000 };
  const said = (entry: Partial<ChannelEntry>, letters: number) => {
    const words = stateWords({ ...channel, ...entry }, now, en, (way) => `${way.health} ${way.rest}`.length <= letters);
    return `${words.health} ${words.rest}`.trim();
  };

  test("a channel that works says when it was last heard", () => {
    expect(said({}, 99)).toBe("live 5 s ago");
    expect(said({ last_event_ms: null }, 99)).toBe("live nothing yet");
  });

  test("a quiet night is quiet and no more", () => {
    expect(said({ why: "closed", last_event_ms: 0 }, 99)).toBe("quiet closed · 2 h ago");
    expect(said({ why: "usual", last_event_ms: 0 }, 16)).toBe("quiet as usual");
  });

  test("what is broken says why and since when, and why where there is little room", () => {
    const broken = { health: "silent", why: "link", since_ms: now - 720_000 } as const;
    expect(said(broken, 99)).toBe("silent no connection · 12 min");
    expect(said(broken, 22)).toBe("no connection 12 min");
    expect(said(broken, 5)).toBe("no connection");
  });
});

test("ages are told in their largest unit and never come from the future", () => {
  expect(ageOf(1_000, 500)).toEqual({ value: 0, unit: "s" });
  expect(ageOf(0, 59_999)).toEqual({ value: 59, unit: "s" });
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
    expect(labelTops([50, 55], 40, 200)).toEqual([30, 70]);
    expect(labelTops([195, 190], 40, 200)).toEqual([160, 120]);
    expect(labelTops([null, 10], 40, 200)).toEqual([160, 0]);
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
