// How wide a text is, so that digits can be as large as their tile allows.
// Measured once per pattern in a hidden element: digits are tabular, so "17" is as wide as "00".

export type Weight = 400 | 500 | 600;

const SAMPLE_PX = 100;
const PATTERNS_MAX = 2_000;
const cache = new Map<string, number>();
let probe: HTMLElement | null = null;

/** The width of a text in em; figures are set tighter than running text. */
export function widthEm(text: string, weight: Weight, kind: "figure" | "text" = "figure"): number {
  const key = `${kind}|${weight}|${text.replace(/[0-9]/g, "0")}`;
  const known = cache.get(key);
  if (known !== undefined) return known;
  if (cache.size >= PATTERNS_MAX) cache.clear();
  const element = probe || (probe = makeProbe());
  element.className = `probe probe-${kind}`;
  element.style.fontWeight = String(weight);
  element.textContent = text.replace(/[0-9]/g, "0");
  const width = element.getBoundingClientRect().width / SAMPLE_PX;
  cache.set(key, width);
  return width;
}

/** To be called when the fonts have come: widths of the fallback font are worth nothing then. */
export function forgetWidths(): void {
  cache.clear();
}

function makeProbe(): HTMLElement {
  const element = document.createElement("span");
  element.style.fontSize = `${SAMPLE_PX}px`;
  document.body.appendChild(element);
  return element;
}
