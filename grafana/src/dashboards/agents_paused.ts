// How many agents are paused, as the pages of agents and of staffing show it.

import { figure } from "../panels.ts";
import type { Queries } from "../query.ts";

/** Agents who are logged in and take nothing. */
export function agentsPaused(q: Queries) {
  return figure(
    {
      title: "Paused",
      says: "Agents who are logged in and take nothing.",
      unit: "none",
      w: 6,
      h: 4,
      nothing: "No channel tells of agents",
    },
    [{ expr: `sum(${q.of("tablica_agents", 'state="paused"')})` }],
  );
}
