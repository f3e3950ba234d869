import { describe, expect, test } from "vitest";
import { columnsThatFit, widthOf } from "../src/view/parts/columns";
import { brokenSize, LINE_HEIGHT, paragraphsFor } from "../src/view/parts/lines";
import { gridFor } from "../src/view/tiles/agents/grid";
import { leftOf } from "../src/view/tiles/countdown/left";
import { shadeOf } from "../src/view/tiles/heat_map/shade";

describe("a list's columns", () => {
  const columns = [
    { width: 4, rank: 2 },
    { width: 20, rank: 4, least: 5 },
    { width: 6, rank: 1 },
    { width: 8, rank: 5 },
  ];

  test("all stay while there is room, counting only what must be read of a name", () => {
    expect(widthOf(columns, 1)).toBe(4 + 5 + 6 + 8 + 3);
    expect(columnsThatFit(columns, 26, 1)).toEqual([0, 1, 2, 3]);
  });

  test("the least important go first, and one always stays", () => {
    expect(columnsThatFit(columns, 25, 1)).toEqual([0, 1, 3]);
    expect(columnsThatFit(columns, 14, 1)).toEqual([1, 3]);
    expect(columnsThatFit(columns, 1, 1)).toEqual([3]);
  });
});

describe("the grid of agents", () => {
  test("few stand in one column, many in as many as fit, and the rest is counted", () => {
    expect(gridFor(800, 420, 250, 3, 0)).toMatchObject({ across: 1, down: 3, shown: 3, more: 0 });
    expect(gridFor(800, 420, 250, 9, 0)).toMatchObject({ across: 3, down: 3, shown: 9, more: 0 });
    expect(gridFor(800, 420, 250, 80, 120)).toMatchObject({ across: 3, shown: 15, more: 185 });
    expect(gridFor(800, 420, 300, 80, 120), "long words").toMatchObject({ across: 2, shown: 10, more: 190 });
  });

  for (const [width, height, count] of [[180, 60, 5], [1800, 900, 80], [420, 300, 11]] as const) {
    test(`fits ${count} into ${width}×${height}`, () => {
      const grid = gridFor(width, height, 250, count, 0);
      expect(grid.shown + grid.more).toBe(count);
      expect(grid.across * grid.down).toBeGreaterThanOrEqual(grid.shown);
      expect(grid.height * grid.down).toBeLessThanOrEqual(height);
    });
  }
});

describe("lines of text", () => {
  const said = (text: number, beside = 0) => ({ text, longest: Math.min(text, 6), beside });

  test("of messages are broken rather than small, and all of them are shown where there is room", () => {
    expect(paragraphsFor([said(10)], 600, 400, 56)).toEqual({ size: 56, lines: [1] });
    const { size, lines } = paragraphsFor([said(30, 4), said(5)], 600, 200, 56);
    expect(lines[0]).toBeGreaterThan(1);
    expect(lines[1]).toBe(1);
    expect(lines.reduce((sum, one) => sum + one, 0) * size * LINE_HEIGHT).toBeLessThanOrEqual(200);
  });

  test("are never too small to read: what finds no room is cut, and the last ones are left out", () => {
    expect(paragraphsFor([said(100)], 600, 75, 56)).toEqual({ size: 28, lines: [2] });
    expect(paragraphsFor([said(100), said(100)], 600, 75, 56)).toEqual({ size: 28, lines: [1, 1] });
    expect(paragraphsFor([said(1), said(1), said(1), said(1)], 600, 60, 56)).toEqual({ size: 28, lines: [1] });
  });

  test("that may be broken take the height, and no word is wider than the room", () => {
    const size = brokenSize([30], 6, 400, 200, 96);
    expect(size).toBeGreaterThan(400 / 30);
    expect(Math.ceil((30 * size) / 400) * size * LINE_HEIGHT).toBeLessThanOrEqual(200);
    expect(brokenSize([12], 12, 400, 900, 96)).toBeLessThanOrEqual(400 / 12);
  });
});

test("what is left is told in its two largest units, seconds only at the end, and is over at 0", () => {
  const told = (ms: number) => leftOf(ms).map((part) => `${part.value} ${part.unit}`).join(" ");
  expect([told(0), told(-5), told(1), told(119_001), told(120_001)]).toEqual(["0 s", "0 s", "1 s", "120 s", "3 min"]);
  expect([told(59 * 60_000), told(59 * 60_000 + 1), told(3 * 3_600_000 + 60_001)]).toEqual(["59 min", "1 h", "3 h 2 min"]);
  expect([told(24 * 3_600_000), told(31 * 3_600_000)]).toEqual(["1 d", "1 d 7 h"]);
});

test("text on a heat map can be read: its contrast is 4.5 or more at every level", () => {
  for (let level = 0; level <= 1; level += 0.01) {
    for (const tone of [undefined, "good", "warn"] as const) {
      const shade = shadeOf(level, tone);
      const ratio = contrast(shade.background, shade.color);
      expect(ratio, `${level.toFixed(2)} ${tone}`).toBeGreaterThanOrEqual(4.5);
    }
  }
});

/** As WCAG 2 defines it. */
function contrast(one: string, other: string): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return ((light || 0) + 0.05) / ((dark || 0) + 0.05);
}

function luminance(colour: string): number {
  const hex = colour.match(/[0-9a-f]{2}/g) || [];
  const parts = colour.startsWith("#") ? hex.map((part) => parseInt(part, 16)) : (colour.match(/[0-9]+/g) || []).map(Number);
  const [red = 0, green = 0, blue = 0] = parts.map((part) => {
    const share = part / 255;
    return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
