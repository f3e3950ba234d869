import { differenceCiede2000, filterDeficiencyDeuter, filterDeficiencyProt, filterDeficiencyTrit, parse, wcagContrast } from "culori";
import { describe, expect, test } from "vitest";
import { shadeOf } from "../src/view/tiles/heat_map/shade";
import { DEFAULT_THEME, type Palette, propertyOf, THEMES, themeOf } from "../src/view/themes";

/** WCAG 2.2: 1.4.3 for text, 1.4.11 for what is drawn. High contrast: 1.4.6. */
const TEXT = 4.5;
const DRAWN = 3;
const HIGH = 7;
/** Two colours of such a distance (CIEDE2000) are told apart at a glance; 1 is the least that is seen at all. */
const APART = 10;

type Key = keyof Palette;

const TEXTS: [Key, Key[]][] = [
  ["panel", ["text", "textSoft", "muted", "good", "warn", "bad", "mark", "markOutage", "series0", "series1", "series2", "series3", "earlier", "axis"]],
  ["panelBad", ["text", "textSoft", "muted", "good", "warn", "bad"]],
  ["raisedBad", ["text", "textSoft", "muted", "warn", "bad"]],
  ["raisedWarn", ["text", "textSoft", "muted", "warn", "bad"]],
  ["ground", ["text", "muted"]],
  ["banner", ["bannerText", "bannerSoft"]],
];
/** Large figures and shapes. */
const DRAWINGS: [Key, Key[]][] = [
  ["panel", ["dim", "arc", "focus"]],
  ["track", ["arc", "good", "warn"]],
  ["trackBad", ["bad"]],
  ["good", ["onTone"]],
  ["warn", ["onTone"]],
  ["bad", ["onTone"]],
];

const EYES: Record<string, (colour: string) => unknown> = {
  "all colours": parse,
  protanopia: filterDeficiencyProt(1),
  deuteranopia: filterDeficiencyDeuter(1),
  tritanopia: filterDeficiencyTrit(1),
};

function tooFaint(colours: Palette, pairs: [Key, Key[]][], least: number): string[] {
  const found: string[] = [];
  for (const [ground, keys] of pairs) {
    for (const key of keys) {
      const contrast = wcagContrast(String(colours[key]), String(colours[ground]));
      if (contrast < least) found.push(`${key} on ${ground}: ${contrast.toFixed(2)}`);
    }
  }
  return found;
}

describe.each(Object.keys(THEMES))("the colours of %s", (name) => {
  const colours = THEMES[name] as Palette;

  test("have the contrast of WCAG AA, the high ones of AAA", () => {
    expect(tooFaint(colours, TEXTS, name === "high_contrast" ? HIGH : TEXT)).toEqual([]);
    expect(tooFaint(colours, DRAWINGS, DRAWN)).toEqual([]);
  });

  test.each(Object.keys(EYES))("tell good, warn and bad apart for eyes with %s", (eyes) => {
    const seen = EYES[eyes] as (colour: string) => string;
    const apart = differenceCiede2000();
    for (const [one, other] of [["good", "warn"], ["warn", "bad"], ["good", "bad"]] as [Key, Key][]) {
      const distance = apart(seen(String(colours[one])), seen(String(colours[other])));
      expect(distance, `${one} and ${other}`).toBeGreaterThanOrEqual(APART);
    }
  });

  test("are those of every other theme, under the same names", () => {
    expect(Object.keys(colours)).toEqual(Object.keys(THEMES[DEFAULT_THEME] as Palette));
  });
});

describe.each(["dark", "light", "high_contrast"])("hours of a week in %s", (name) => {
  test("can be read at each level", () => {
    const before = THEMES[DEFAULT_THEME] as Palette;
    THEMES[DEFAULT_THEME] = THEMES[name] as Palette;
    const faint: string[] = [];
    for (let level = 0; level <= 1; level += 0.01) {
      const { background, color } = shadeOf(level, undefined);
      if (wcagContrast(color, background) < TEXT) faint.push(`${level.toFixed(2)}: ${wcagContrast(color, background).toFixed(2)}`);
    }
    THEMES[DEFAULT_THEME] = before;
    expect(faint).toEqual([]);
  });
});

test("a theme is the address's, else the board's, else the dark one", () => {
  expect(themeOf("?theme=light", "high_contrast")).toBe("light");
  expect(themeOf("?screen=a&theme=high_contrast", undefined)).toBe("high_contrast");
  expect(themeOf("?theme=constructor", "light")).toBe("light");
  expect(themeOf("", "pink")).toBe("dark");
});

test("style sheets name colours as the page does", () => {
  expect(["panelBad", "series0", "ground", "markOutageBand"].map(propertyOf)).toEqual(["--panel-bad", "--series-0", "--ground", "--mark-outage-band"]);
});
