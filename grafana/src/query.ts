// Writes PromQL so that no query forgets whom it is asked for: `of("tablica_waiting")` selects by job and
// instance, and by channel and queue where the dashboard has those variables and the metric has that label.
// Knows each metric and its labels from docs/metrics.md; a name that is not there fails at once.

import { readFileSync } from "node:fs";

const PAGE = new URL("../../docs/metrics.md", import.meta.url);
const LINE = /^\| `([a-z0-9_]+)` \| (counter|gauge|histogram) \| (.*?) \| (.*) \|$/;
// What every client of Prometheus, and Prometheus itself, tells of any process.
const OF_PROCESSES = [
  "process_cpu_seconds_total",
  "process_resident_memory_bytes",
  "process_start_time_seconds",
  "process_open_fds",
  "process_max_fds",
  "up",
];

export interface Metric {
  kind: string;
  labels: string[];
}

function table(): Map<string, Metric> {
  const metrics = new Map<string, Metric>();
  for (const line of readFileSync(PAGE, "utf8").split("\n")) {
    const found = LINE.exec(line);
    if (found) {
      const [, name, kind, labels] = found;
      metrics.set(name!, { kind: kind!, labels: [...labels!.matchAll(/`(\w+)`/g)].map((it) => it[1]!) });
    }
  }
  for (const name of OF_PROCESSES) {
    metrics.set(name, { kind: name.endsWith("_total") ? "counter" : "gauge", labels: [] });
  }
  return metrics;
}

/** Every metric of docs/metrics.md by its name. */
export const METRICS = table();

/** The metric that a series belongs to: a histogram is three of them. */
export function metricOf(series: string): Metric | undefined {
  const whole = METRICS.get(series);
  if (whole) return whole;
  const histogram = METRICS.get(series.replace(/_(bucket|sum|count)$/, ""));
  return histogram?.kind === "histogram" ? { kind: "counter", labels: histogram.labels } : undefined;
}

/** Only where it is known: NaN is no figure, and a line has a gap there. */
export function known(expr: string): string {
  return `${expr} > -Inf`;
}

/** Variables by which a dashboard can be narrowed, beside job and instance. */
export type Narrowing = "channel" | "queue";

/** Selectors of one dashboard. */
export class Queries {
  constructor(readonly narrowing: readonly Narrowing[]) {}

  /** A selector: `of("tablica_policy_clocks", 'state="breached"')`. */
  of(series: string, extra = ""): string {
    const labels = metricOf(series)?.labels ?? recordedLabels(series);
    const narrowed = this.narrowing.filter((label) => labels.includes(label));
    const matchers = ["job", "instance", ...narrowed].map((label) => `${label}=~"$${label}"`);
    // Of queues by themselves, what is in none is no queue; of contacts it counts.
    const named = narrowed.includes("queue") && !labels.includes("channel") ? ['queue!=""'] : [];
    return `${series}{${[...matchers, ...named, ...(extra ? [extra] : [])].join(", ")}}`;
  }

  /** A counter's growth per second. */
  rate(series: string, extra = ""): string {
    return `rate(${this.of(series, extra)}[$__rate_interval])`;
  }

  /** A counter's growth over the time that the dashboard shows. */
  inRange(series: string, extra = ""): string {
    return `increase(${this.of(series, extra)}[$__range])`;
  }

  /** A histogram's quantile, by these labels. */
  quantile(share: number, histogram: string, by: readonly string[] = []): string {
    return known(`histogram_quantile(${share}, sum by (${["le", ...by].join(", ")}) (${this.rate(`${histogram}_bucket`)}))`);
  }
}

// Recorded series say their labels in their name's first part; ALERTS has those of whatever fires.
function recordedLabels(series: string): string[] {
  const level = /^(\w+):tablica_\w+:\w+$/.exec(series)?.[1];
  if (level === undefined) throw new Error(`${series} is no metric of docs/metrics.md`);
  return level.split("_");
}
