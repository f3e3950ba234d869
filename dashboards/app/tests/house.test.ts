import { describe, expect, test } from "vitest";
import { TEXT_MIN } from "../src/view/box";
import { sandboxOf } from "../src/view/tiles/page/reach";
import { columnsFor } from "../src/view/tiles/staffing/columns";
import { lineAt } from "../src/view/tiles/ticker/turn";

describe("a ticker", () => {
  test("changes its line every ten seconds of the site's time, and begins anew", () => {
    const at = [0, 9_999, 10_000, 20_000, 30_000].map((ms) => lineAt(ms, 3));
    expect(at).toEqual([0, 0, 1, 2, 0]);
    expect(lineAt(12_345, 0)).toBe(0);
  });
});

describe("another page", () => {
  test("is of its own origin only where that is not the wall's", () => {
    expect(sandboxOf("https://status.example.com/", "https://wall.example")).toBe("allow-scripts allow-same-origin");
    expect(sandboxOf("https://wall.example/wall/floor", "https://wall.example")).toBe("allow-scripts");
    expect(sandboxOf("https://wall.example.com/", "https://wall.example")).toBe("allow-scripts allow-same-origin");
  });
});

describe("the columns of staffing", () => {
  const texts = (count: number) => Array.from({ length: count }, () => [3, 1.2]);

  test("are those of the nearest hours, as many as find room, and never none", () => {
    expect(columnsFor(900, 300, texts(6), 4).count).toBe(6);
    const few = columnsFor(500, 300, texts(6), 4);
    expect(few.count).toBeGreaterThan(1);
    expect(few.side + few.count * 3 * TEXT_MIN).toBeLessThanOrEqual(500);
    expect(columnsFor(100, 100, texts(6), 4).count).toBe(1);
  });

  test("leave room for the figure above and the time below", () => {
    for (const height of [120, 200, 400]) {
      const { bars, foot, text } = columnsFor(900, height, texts(5), 4);
      expect(bars + foot + text).toBeLessThanOrEqual(height);
    }
  });
});
