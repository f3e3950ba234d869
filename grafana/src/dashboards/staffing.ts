// Staffing: are there enough people for what comes, now and compared with a week ago.

import type { Page } from "../dashboard.ts";
import { known } from "../query.ts";
import { BLUE, figure, GREEN, GREY, lines, ORANGE, PER_MINUTE } from "../panels.ts";
import { agentsPaused } from "./agents_paused.ts";

export const staffing: Page = {
  uid: "tablica-staffing",
  title: "Tablica / Staffing",
  description: "Are there enough people for what comes? Contacts and agents side by side, today and a week ago.",
  narrowing: ["channel", "queue"],
  board: "lead",
  panels: (q) => {
    const present = `sum(${q.of("tablica_agents", 'state=~"ringing|talking|hold|after_work|available"')})`;
    const week = (series: string) => `60 * sum(rate(${q.of(series)}[$__rate_interval] offset 1w))`;
    return [
      figure(
        {
          title: "Agents at work",
          says: "Agents who take contacts: available, with a customer or in wrap-up. Paused ones are left out.",
          unit: "none",
          w: 6,
          h: 4,
          nothing: "No channel tells of agents",
          more: { title: "Agents", uid: "tablica-agents" },
        },
        [{ expr: present }],
      ),
      figure(
        {
          title: "Waiting per agent available",
          says: "Contacts in line for each agent who could take one now. Without one there is no figure.",
          unit: "none",
          decimals: 1,
          w: 6,
          h: 4,
          nothing: "Nobody is available",
        },
        [{ expr: `sum(${q.of("tablica_waiting")}) / (sum(${q.of("tablica_agents", 'state="available"')}) > 0)` }],
      ),
      figure(
        {
          title: "Busy share",
          says: "Of the agents at work, the share with a customer or in wrap-up.",
          unit: "percentunit",
          decimals: 0,
          w: 6,
          h: 4,
          nothing: "No agent is at work",
        },
        [{ expr: `sum(${q.of("tablica_agents", 'state=~"ringing|talking|hold|after_work"')}) / (${present} > 0)` }],
      ),
      agentsPaused(q),
      lines(
        {
          title: "Agents missing",
          says: "Agents that each queue needs in this quarter of an hour, by what came at this time of the last weeks and by what lies, less those who are there. Above 0 somebody is missing; below, there are agents to spare.",
          unit: "none",
          w: 12,
          h: 9,
          nothing: "Nothing is known of agents yet, or of the weeks before",
          alerts: ["StaffingShort"],
        },
        [
          {
            expr: known(
              `(max by (queue) (${q.of("tablica_agents_required")}) - max by (queue) (${q.of("tablica_agents_present")}))`,
            ),
            legend: "{{queue}}",
          },
        ],
      ),
      lines(
        {
          title: "Agents needed and there",
          says: "Agents that each queue needs, and those who serve it and are there. Who serves several queues counts in each: the lines are not to be added up.",
          unit: "none",
          w: 12,
          h: 9,
          nothing: "Nothing is known of agents yet, or of the weeks before",
        },
        [
          {
            id: "needed",
            expr: known(`max by (queue) (${q.of("tablica_agents_required")})`),
            legend: "{{queue}} needed",
            dashed: true,
          },
          {
            id: "there",
            expr: known(`max by (queue) (${q.of("tablica_agents_present")})`),
            legend: "{{queue}} there",
          },
        ],
        { min: 0 },
      ),
      lines(
        {
          title: "Contacts per minute, today and a week ago",
          says: "What comes, against the same time a week ago (dashed). Far above it: a campaign, an outage, a release?",
          unit: PER_MINUTE,
          w: 12,
          h: 9,
          nothing: "No contact has come yet",
        },
        [
          { id: "today", expr: `60 * sum(${q.rate("tablica_offered_total")})`, legend: "now", colour: BLUE },
          { id: "week", expr: week("tablica_offered_total"), legend: "a week ago", colour: GREY, dashed: true },
        ],
        { min: 0, fill: 8 },
      ),
      lines(
        {
          title: "Agents at work, today and a week ago",
          says: "Who is there, against the same time a week ago (dashed).",
          unit: "none",
          w: 12,
          h: 9,
          nothing: "No channel tells of agents",
        },
        [
          { id: "today", expr: present, legend: "now", colour: BLUE },
          {
            id: "week",
            expr: `sum(${q.of("tablica_agents", 'state=~"ringing|talking|hold|after_work|available"')} offset 1w)`,
            legend: "a week ago",
            colour: GREY,
            dashed: true,
          },
        ],
        { min: 0, fill: 8 },
      ),
      lines(
        {
          title: "Contacts per hour and agent",
          says: "Contacts that came for each agent at work, and that were answered. A gap that widens is a line that grows.",
          unit: "none",
          decimals: 1,
          w: 12,
          h: 9,
          nothing: "No agent is at work",
        },
        [
          {
            id: "offered",
            expr: `3600 * sum(${q.rate("tablica_offered_total")}) / (${present} > 0)`,
            legend: "offered",
            colour: BLUE,
          },
          {
            id: "answered",
            expr: `3600 * sum(${q.rate("tablica_answered_total")}) / (${present} > 0)`,
            legend: "answered",
            colour: GREEN,
          },
        ],
        { min: 0 },
      ),
      lines(
        {
          title: "In line and free",
          says: "Contacts in line, and agents who could take one. Both high at once: they are not in the same queue.",
          unit: "none",
          w: 12,
          h: 9,
          nothing: "No channel tells of agents",
        },
        [
          { id: "waiting", expr: `sum(${q.of("tablica_waiting")})`, legend: "waiting", colour: ORANGE },
          {
            id: "free",
            expr: `sum(${q.of("tablica_agents", 'state="available"')})`,
            legend: "available",
            colour: GREEN,
          },
        ],
        { min: 0 },
      ),
    ];
  },
  rows: () => [],
};
