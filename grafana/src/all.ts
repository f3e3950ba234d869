// Everything that is made from code: every dashboard that ships, in the order in which an operator needs them, and the
// rules as the mixin reads them.

import { readdirSync, readFileSync } from "node:fs";

import { load } from "js-yaml";

import { built } from "./dashboard.ts";
import { agents } from "./dashboards/agents.ts";
import { attention } from "./dashboards/attention.ts";
import { channel } from "./dashboards/channel.ts";
import { overview } from "./dashboards/overview.ts";
import { promises } from "./dashboards/promises.ts";
import { queue } from "./dashboards/queue.ts";
import { screens } from "./dashboards/screens.ts";
import { server } from "./dashboards/server.ts";
import { staffing } from "./dashboards/staffing.ts";
import { unanswered } from "./dashboards/unanswered.ts";

const RULES = new URL("../rules/", import.meta.url);

export const PAGES = [overview, queue, channel, agents, attention, promises, staffing, unanswered, server, screens];

/** A rule as Prometheus reads it. */
export interface Rule {
  record?: string;
  alert?: string;
  expr: string;
  for?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
}
export interface Group {
  name: string;
  interval?: string;
  rules: Rule[];
}

/** Every group of rules/*.yml. */
export function groups(): Group[] {
  const names = readdirSync(RULES)
    .filter((name) => name.endsWith(".yml"))
    .sort();
  return names.flatMap((name) => (load(readFileSync(new URL(name, RULES), "utf8")) as { groups: Group[] }).groups);
}

const pretty = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

/** Path in the folder grafana → what stands there. The mixin gets rules as JSON: jsonnet's own reader of YAML
 * stumbles over texts of several lines in the version that Debian has. */
export function files(): Map<string, string> {
  const dashboards = PAGES.map((page): [string, string] => [
    `dashboards/${page.uid.replace("tablica-", "")}.json`,
    pretty(built(page)),
  ]);
  const all = `{\n${PAGES.map(({ uid }) => `  '${uid}.json': import '../dashboards/${uid.replace("tablica-", "")}.json',\n`).join("")}}\n`;
  return new Map([
    ...dashboards,
    ["mixin/dashboards.libsonnet", `// Made by grafana/src; do not edit.\n${all}`],
    ["mixin/rules.json", pretty({ groups: groups() })],
  ]);
}
