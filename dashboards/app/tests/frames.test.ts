import { describe, expect, test } from "vitest";
import { mayShow } from "../src/view/tiles/page/frames";

const wall = { protocol: "https:", hostname: "walls.example.com", port: "" };
const may = (source: string, at = wall) => mayShow([source], at);

describe("a page within the wall", () => {
  test("is shown where its server says nothing, and not where it says nobody", () => {
    expect([mayShow(undefined, wall), mayShow([], wall)]).toEqual([true, false]);
  });

  test("is shown where the wall is one of those that may", () => {
    for (const source of ["https://walls.example.com", "walls.example.com", "*.example.com", "https:", "http://walls.example.com", "https://walls.example.com:443/", "https://walls.example.com:*"]) {
      expect(may(source), source).toBe(true);
    }
    expect(may("https://walls.example.com:8443", { ...wall, port: "8443" })).toBe(true);
    expect(mayShow(["other.example.org", "walls.example.com"], wall)).toBe(true);
  });

  test("is not shown where others may", () => {
    for (const source of ["https://example.com", "*.walls.example.com", "http:", "https://walls.example.com:8443", "walls.example.com.evil.org", "wss://walls.example.com"]) {
      expect(may(source), source).toBe(false);
    }
    expect(may("https://walls.example.com", { ...wall, protocol: "http:" })).toBe(false);
    expect(may("walls.example.com", { ...wall, port: "8443" })).toBe(false);
  });
});
