// The colours of walls: each theme in one place, checked for contrast and for colour blindness by
// tests/themes.test.ts. They become custom properties of the page; what is drawn on a canvas reads them here.

export interface Palette {
  /** Behind the tiles, of a tile, around it. */
  ground: string;
  panel: string;
  edge: string;
  line: string;
  track: string;
  text: string;
  textSoft: string;
  muted: string;
  /** A figure that is not there. */
  dim: string;
  good: string;
  warn: string;
  bad: string;
  /** The sign inside a tone's shape. */
  onTone: string;
  panelBad: string;
  edgeBad: string;
  trackBad: string;
  edgeWarn: string;
  /** Behind a row in which a rule holds. */
  raisedBad: string;
  raisedWarn: string;
  /** A gauge without a tone. */
  arc: string;
  banner: string;
  bannerText: string;
  bannerSoft: string;
  focus: string;
  /** What happened above a trend's lines. */
  mark: string;
  markBand: string;
  markOutage: string;
  markOutageBand: string;
  series0: string;
  series1: string;
  series2: string;
  series3: string;
  /** Below a trend's first line, at its top and at its foot. */
  fillTop: string;
  fillBottom: string;
  earlier: string;
  axis: string;
  grid: string;
  /** Hours of a week, from nothing to most; and the share from which on the other text is read. */
  heatEmpty: string;
  heatFull: string;
  heatMissed: string;
  heatText: string;
  heatTextFull: string;
  heatFlip: number;
  /** A picture that is old. */
  stale: string;
}

export const THEMES: Record<string, Palette> = {
  dark: {
    ground: "#0b0f14",
    panel: "#121922",
    edge: "#1c2632",
    line: "rgba(150, 172, 194, 0.15)",
    track: "#212d3a",
    text: "#eff4f9",
    textSoft: "#c5d1dd",
    muted: "#91a3b5",
    dim: "#6d7f91",
    good: "#35d6bb",
    warn: "#ffc043",
    bad: "#ff7355",
    onTone: "#0b0f14",
    panelBad: "#241517",
    edgeBad: "#5b2a25",
    trackBad: "#43282a",
    edgeWarn: "#4c3d1b",
    raisedBad: "#4f2723",
    raisedWarn: "#3d3218",
    arc: "#5ab0ff",
    banner: "#3a2c0c",
    bannerText: "#ffe3a6",
    bannerSoft: "#cbb27a",
    focus: "#7cc0ff",
    mark: "#c5d1dd",
    markBand: "rgba(197, 209, 221, 0.1)",
    markOutage: "#ff9379",
    markOutageBand: "rgba(255, 115, 85, 0.16)",
    series0: "#5ab0ff",
    series1: "#d5b3ff",
    series2: "#f7a8cf",
    series3: "#e8eef4",
    fillTop: "rgba(90, 176, 255, 0.34)",
    fillBottom: "rgba(90, 176, 255, 0.02)",
    earlier: "#91a3b5",
    axis: "#8496a8",
    grid: "rgba(132, 150, 168, 0.16)",
    heatEmpty: "#1a2531",
    heatFull: "#7ac1ff",
    heatMissed: "#ffc043",
    heatText: "#ffffff",
    heatTextFull: "#000000",
    heatFlip: 0.535,
    stale: "saturate(0.12) brightness(0.72)",
  },
  light: {
    ground: "#dfe6ed",
    panel: "#ffffff",
    edge: "#c6d1dc",
    line: "rgba(40, 60, 80, 0.18)",
    track: "#dbe3ea",
    text: "#0f1720",
    textSoft: "#283644",
    muted: "#455462",
    dim: "#66757f",
    good: "#00796b",
    warn: "#945f00",
    bad: "#8c0d24",
    onTone: "#ffffff",
    panelBad: "#fdeaec",
    edgeBad: "#d68a95",
    trackBad: "#f3ccd1",
    edgeWarn: "#d9b878",
    raisedBad: "#ffffff",
    raisedWarn: "#fdf0d5",
    arc: "#0b62b0",
    banner: "#ffe9b8",
    bannerText: "#3d2b00",
    bannerSoft: "#5f4a14",
    focus: "#0b62b0",
    mark: "#3a4856",
    markBand: "rgba(58, 72, 86, 0.12)",
    markOutage: "#8c0d24",
    markOutageBand: "rgba(140, 13, 36, 0.13)",
    series0: "#0b62b0",
    series1: "#7430b8",
    series2: "#a3246f",
    series3: "#2c3944",
    fillTop: "rgba(11, 98, 176, 0.24)",
    fillBottom: "rgba(11, 98, 176, 0.02)",
    earlier: "#5b6a78",
    axis: "#4c5a67",
    grid: "rgba(40, 60, 80, 0.16)",
    heatEmpty: "#e6edf4",
    heatFull: "#0b4f8f",
    heatMissed: "#ffc043",
    heatText: "#000000",
    heatTextFull: "#ffffff",
    heatFlip: 0.73,
    stale: "saturate(0.12) opacity(0.75)",
  },
  high_contrast: {
    ground: "#000000",
    panel: "#000000",
    edge: "#9aa7b3",
    line: "rgba(255, 255, 255, 0.4)",
    track: "#3a3a3a",
    text: "#ffffff",
    textSoft: "#ffffff",
    muted: "#e2e8ee",
    dim: "#b4bec8",
    good: "#40e8ff",
    warn: "#ffe600",
    bad: "#ff8a75",
    onTone: "#000000",
    panelBad: "#000000",
    edgeBad: "#ff8a75",
    trackBad: "#4a2a24",
    edgeWarn: "#ffe600",
    raisedBad: "#2c1510",
    raisedWarn: "#1f1c00",
    arc: "#8cc8ff",
    banner: "#ffe600",
    bannerText: "#000000",
    bannerSoft: "#222222",
    focus: "#ffffff",
    mark: "#ffffff",
    markBand: "rgba(255, 255, 255, 0.18)",
    markOutage: "#ff8a75",
    markOutageBand: "rgba(255, 138, 117, 0.25)",
    series0: "#8cc8ff",
    series1: "#e0c2ff",
    series2: "#ffb0d8",
    series3: "#ffffff",
    fillTop: "rgba(140, 200, 255, 0.3)",
    fillBottom: "rgba(140, 200, 255, 0)",
    earlier: "#c9d2db",
    axis: "#e2e8ee",
    grid: "rgba(255, 255, 255, 0.3)",
    heatEmpty: "#000000",
    heatFull: "#a8d8ff",
    heatMissed: "#ffe600",
    heatText: "#ffffff",
    heatTextFull: "#000000",
    heatFlip: 0.56,
    stale: "saturate(0.12) brightness(0.75)",
  },
};

export const DEFAULT_THEME = "dark";

/** Of `?theme=light` in the page's address, else the board's, else the dark one. */
export function themeOf(query: string, board: string | undefined): string {
  const asked = /[?&]theme=([^&]*)/.exec(query);
  for (const name of [asked ? asked[1] : "", board]) {
    if (name && Object.prototype.hasOwnProperty.call(THEMES, name)) return name;
  }
  return DEFAULT_THEME;
}

let current = DEFAULT_THEME;
let applied = "";

export function theme(): string {
  return current;
}

export function palette(): Palette {
  return THEMES[current] as Palette;
}

/** "panelBad" is `--panel-bad` in style sheets. */
export function propertyOf(key: string): string {
  return `--${key.replace(/[A-Z]|\d+$/g, (part) => `-${part.toLowerCase()}`)}`;
}

/** Puts a theme on the page; the same one again costs nothing. */
export function applyTheme(name: string): void {
  current = THEMES[name] ? name : DEFAULT_THEME;
  if (applied === current) return;
  applied = current;
  const colours = palette() as unknown as Record<string, string | number>;
  const { style } = document.documentElement;
  for (const key of Object.keys(colours)) style.setProperty(propertyOf(key), String(colours[key]));
  document.documentElement.setAttribute("data-theme", current);
}
