// Everything that is made from code: every dashboard that ships, in the order in which an operator needs them, and the
// rules as the mixin reads them.

import { readdirSync, readFileSync } from "node:fs";

import { FAILSAFE_SCHEMA, load } from "js-yaml";

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

/** Names of a matcher such as `alertname=~"A|B.*"`; what stands for any letters is `*`. */
function names(matchers: string[]): string[] {
  const found = /^alertname(?:=|=~)"([^"]*)"$/.exec(matchers[0] ?? "");
  if (matchers.length !== 1 || !found) throw new Error(`not a matcher of alert names alone: ${matchers}`);
  return (found[1] ?? "").split("|").map((name) => name.replace(/\.\*$/, "*"));
}

/** The inhibitions of alertmanager.yml, for the server that tells people itself. */
export function inhibitions() {
  const config = load(readFileSync(new URL("../alertmanager.yml", import.meta.url), "utf8")) as {
    inhibit_rules: { source_matchers: string[]; target_matchers: string[]; equal: string[] }[];
  };
  return config.inhibit_rules.map(({ source_matchers, target_matchers, equal }) => ({
    sources: names(source_matchers),
    targets: names(target_matchers),
    equal,
  }));
}

/** Every file of rules/tests, by name: the server's own watch is held against the same cases as promtool. */
export function ruleTests(): Record<string, unknown> {
  const folder = new URL("tests/", RULES);
  const names = readdirSync(folder).sort();
  // Every value is a text: promtool takes `0x24` for 24 zeros, YAML for 36.
  const read = (name: string) => load(readFileSync(new URL(name, folder), "utf8"), { schema: FAILSAFE_SCHEMA });
  return Object.fromEntries(names.map((name) => [name, read(name)]));
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
    ["mixin/inhibit_rules.json", pretty(inhibitions())],
    ["mixin/rule_tests.json", pretty(ruleTests())],
  ]);
}
