// Agents: in which states they are and, where the operator wants that, what each has done.

import type { Page } from "../dashboard.ts";
import { agentsByState, bars, figure, GREEN, grid, lines, words } from "../panels.ts";
import { agentsPaused } from "./agents_paused.ts";

const OFF = "Only with telemetry.agent_labels = true, and of agents with five contacts or more";

export const agents: Page = {
  uid: "tablica-agents",
  title: "Tablica / Agents",
  description: "In which states the agents are. What each has done is here only where telemetry.agent_labels says so.",
  narrowing: [],
  board: "team",
  panels: (q) => [
    figure(
      {
        title: "Available",
        says: "Agents who could take a contact now.",
        unit: "none",
        w: 6,
        h: 4,
        nothing: "No channel tells of agents",
        more: { title: "Staffing", uid: "tablica-staffing" },
      },
      [{ expr: `sum(${q.of("tablica_agents", 'state="available"')})` }],
    ),
    figure(
      {
        title: "With a customer",
        says: "Agents whose phone rings, who talk, or who keep a customer on hold.",
        unit: "none",
        w: 6,
        h: 4,
        nothing: "No channel tells of agents",
      },
      [{ expr: `sum(${q.of("tablica_agents", 'state=~"ringing|talking|hold"')})` }],
    ),
    figure(
      {
        title: "After work",
        says: "Agents in wrap-up.",
        unit: "none",
        w: 6,
        h: 4,
        nothing: "No channel tells of agents",
      },
      [{ expr: `sum(${q.of("tablica_agents", 'state="after_work"')})` }],
    ),
    agentsPaused(q),
    agentsByState(
      {
        title: "Agents by state",
        says: "How many agents were in which state; those offline are left out.",
        w: 16,
        h: 9,
        nothing: "No channel tells of agents",
      },
      `sum by (state) (${q.of("tablica_agents", 'state!="offline"')})`,
    ),
    lines(
      {
        title: "Busy share",
        says: "Of the agents who are there, the share who are with a customer or in wrap-up. Near 1 for long is too much for people.",
        unit: "percentunit",
        w: 8,
        h: 9,
        nothing: "No agent is there",
      },
      [
        {
          id: "busy",
          expr: `sum(${q.of("tablica_agents", 'state=~"ringing|talking|hold|after_work"')}) / (sum(${q.of("tablica_agents", 'state=~"ringing|talking|hold|after_work|available"')}) > 0)`,
          legend: "busy",
          colour: GREEN,
        },
      ],
      { min: 0, max: 1, fill: 10 },
    ),
  ],
  rows: (q) => [
    {
      title: "By agent (telemetry.agent_labels)",
      panels: [
        words(
          "Why this may be empty",
          "When there are figures of agents",
          "Agents are in no label unless `telemetry.agent_labels = true` is in Tablica's config; then they are called what `[agents]` calls them. Agents who are called the same count together, and of fewer than five contacts nothing is said. Ask your works council before you switch it on.",
          24,
          3,
        ),
        bars(
          {
            title: "Contacts done with in the time shown",
            says: "Contacts that each agent has done with, calls and written ones.",
            unit: "none",
            decimals: 0,
            w: 12,
            h: 10,
            nothing: OFF,
          },
          [{ expr: `sort_desc(sum by (agent) (${q.inRange("tablica_agent_handled_total")}))`, legend: "{{agent}}" }],
        ),
        grid(
          {
            title: "By kind of work",
            says: "The same, by agent and kind of work.",
            unit: "none",
            decimals: 0,
            w: 12,
            h: 10,
            nothing: OFF,
          },
          { agent: "Agent" },
          [
            {
              id: "calls",
              title: "Calls",
              expr: `sum by (agent) (${q.inRange("tablica_agent_handled_total", 'work="calls"')})`,
              unit: "none",
              decimals: 0,
            },
            {
              id: "written",
              title: "Written",
              expr: `sum by (agent) (${q.inRange("tablica_agent_handled_total", 'work="written"')})`,
              unit: "none",
              decimals: 0,
            },
          ],
        ),
      ],
    },
  ],
};
