// Every dashboard that ships, in the order in which an operator needs them.

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

export const PAGES = [overview, queue, channel, agents, attention, promises, staffing, unanswered, server, screens];

/** File name in grafana/dashboards → what stands in it. */
export function files(): Map<string, string> {
  return new Map(PAGES.map((page) => [`${page.uid.replace("tablica-", "")}.json`, `${JSON.stringify(built(page), null, 2)}\n`]));
}
