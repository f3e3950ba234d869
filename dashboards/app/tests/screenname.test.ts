import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { absentStringsFor } from "../src/i18n/absent";
import { screenName } from "../src/state/screenname";

describe("a screen's name", () => {
  let kept: Record<string, string>;

  beforeEach(() => {
    kept = {};
    vi.stubGlobal("localStorage", {
      getItem: (key: string) => kept[key] || null,
      setItem: (key: string, value: string) => void (kept[key] = value),
      removeItem: (key: string) => void delete kept[key],
    });
  });
  afterEach(() => vi.unstubAllGlobals());

  test("is the address's, and remembered for the next time", () => {
    expect(screenName("?kiosk=1&screen=lobby-3")).toBe("lobby-3");
    expect(screenName("")).toBe("lobby-3");
    expect(screenName("?screen=hall")).toBe("hall");
    expect(screenName("?screen=")).toBe("");
    expect(screenName("")).toBe("");
  });

  test("is of few characters only", () => {
    for (const odd of ["a%20b", "-x", "<b>", "x".repeat(41), "%D0%B0"]) expect(screenName(`?screen=${odd}`)).toBe("");
    expect(kept).toEqual({});
  });

  test("is still the address's where nothing can be remembered", () => {
    vi.stubGlobal("localStorage", undefined);
    expect(screenName("?screen=lobby-3")).toBe("lobby-3");
    expect(screenName("")).toBe("");
  });
});

test("what is said of an absent board differs in the four languages, and each names it", () => {
  for (const key of ["unknown", "removed", "broken"] as const) {
    const said = ["en", "pl", "ru", "uk"].map((language) => absentStringsFor(language)[key]("hall"));
    expect(new Set(said).size).toBe(4);
    expect(said.every((words) => words.includes("hall"))).toBe(true);
  }
  expect(absentStringsFor("xx")).toBe(absentStringsFor("en"));
});
