import { describe, expect, test } from "vitest";
import { neighbour, receiptAddress } from "../src/view/receipt";

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
