import { describe, expect, test } from "vitest";
import type { BoardLayout, TileLayout } from "../src/protocol";
import { neighbour, receiptAddress } from "../src/view/receipt";
import { besides } from "../src/view/receipt_place";

describe("the way to a tile's receipt", () => {
  test("is beside the walls, whatever a tile is called", () => {
    expect(receiptAddress("floor", "waiting")).toBe("../receipt/floor/waiting");
    expect(receiptAddress("floor", "a/b?c")).toBe("../receipt/floor/a%2Fb%3Fc");
  });

  test("arrow keys walk from tile to tile and around at the ends", () => {
    const links = ["a", "b", "c"];
    expect(neighbour(links, "", 1)).toBe("a");
    expect(neighbour(links, "", -1)).toBe("c");
    expect(neighbour(links, "a", 1)).toBe("b");
    expect(neighbour(links, "c", 1)).toBe("a");
    expect(neighbour(links, "a", -1)).toBe("c");
    expect(neighbour([], "a", 1)).toBe("");
  });
});

describe("the code beside a tile", () => {
  const board: BoardLayout = { id: "b", title: "B", columns: 24, rows: 12, tiles: [] };
  const wall = { width: 1920, height: 1080, unit: 1 };
  /** Where the code and the tile meet, of a tile at these columns and rows: nothing as a rule. */
  const covered = (x: number, y: number, w: number, h: number): number => {
    const tile: TileLayout = { id: "t", type: "number", x, y, w, h };
    const { left, right, top, bottom } = besides(tile, board, wall);
    const of = (text: string | undefined, whole: number) => (text === undefined ? null : (parseFloat(text) / 100) * whole);
    const at = (from: number | null, to: number | null, size: number, whole: number): [number, number] =>
      from !== null ? [from, from + size] : [whole - (to || 0) - size, whole - (to || 0)];
    const [x0, x1] = at(of(left, 1920), of(right, 1920), 270, 1920);
    const [y0, y1] = at(of(top, 1080), of(bottom, 1080), 330, 1080);
    expect([x0 >= 0, x1 <= 1920, y0 >= 0, y1 <= 1080], `${x},${y},${w},${h} on the wall`).toEqual([true, true, true, true]);
    const meet = (a0: number, a1: number, b0: number, b1: number) => Math.max(0, Math.min(a1, b1) - Math.max(a0, b0));
    return Math.round(meet(x0, x1, 80 * x, 80 * (x + w)) * meet(y0, y1, 90 * y, 90 * (y + h)));
  };

  test("covers nothing of the tile that is pointed at, wherever that hangs", () => {
    for (const place of [[0, 0, 9, 6], [19, 9, 5, 3], [9, 3, 5, 3], [0, 9, 24, 3], [0, 0, 24, 4], [2, 4, 20, 4], [0, 6, 22, 6]]) {
      const [x, y, w, h] = place as [number, number, number, number];
      expect(covered(x, y, w, h), String(place)).toBe(0);
    }
  });

  test("stands in the lower right corner of a tile that fills the wall", () => {
    const tile: TileLayout = { id: "t", type: "number", x: 0, y: 0, w: 24, h: 12 };
    expect(besides(tile, board, wall)).toEqual({ right: "0%", bottom: "0%" });
  });
});
