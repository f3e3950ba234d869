// Can customers reach somebody: what is open without an answer, and who gave up.

import type { Page } from "../dashboard.ts";
import { known } from "../query.ts";
import { bars, CLOCK, figure, GREEN, grid, lines, ORANGE, PER_MINUTE, RED } from "../panels.ts";

export const unanswered: Page = {
  uid: "tablica-unanswered",
  title: "Tablica / Reachability",
  description: "Can customers reach somebody? What is open without an answer, who gave up, and where.",
  narrowing: ["channel", "queue"],
  board: "written",
  panels: (q) => {
    const offered = (by: string) => `sum by (${by}) (${q.inRange("tablica_offered_total")})`;
    const share = (series: string, by: string) => `sum by (${by}) (${q.inRange(series)}) / (${offered(by)} > 0)`;
    return [
      figure(
        {
          title: "Unanswered now",
          says: "Open contacts that no human has answered yet.",
          unit: "none",
          w: 6,
          h: 4,
          nothing: "No contact has come yet",
          alerts: ["UnansweredPileUp"],
        },
        [{ expr: `sum(${q.of("tablica_unanswered")})` }],
      ),
      figure(
        {
          title: "Answered, of those offered",
          says: "Share of the contacts offered in the time shown that people answered. What still waits is in it.",
          unit: "percentunit",
          decimals: 0,
          w: 6,
          h: 4,
          nothing: "No contact came in the time shown",
        },
        [{ expr: `sum(${q.inRange("tablica_answered_total")}) / (sum(${q.inRange("tablica_offered_total")}) > 0)` }],
      ),
      figure(
        {
          title: "Given up, of those offered",
          says: "Share of the contacts offered in the time shown that customers gave up, those within the short-abandon limit left out.",
          unit: "percentunit",
          decimals: 1,
          w: 6,
          h: 4,
          nothing: "No contact came in the time shown",
          alerts: ["AbandonedMany"],
        },
        [
          {
            expr: `(sum(${q.inRange("tablica_abandoned_total")}) - sum(${q.inRange("tablica_abandoned_short_total")})) / (sum(${q.inRange("tablica_offered_total")}) > 0)`,
          },
        ],
      ),
      figure(
        {
          title: "Oldest message",
          says: "How long the customer in writing who waits longest for a reply has waited, in hours in which the queue is open.",
          unit: CLOCK,
          w: 6,
          h: 4,
          nothing: "No queue is known yet",
          alerts: ["MessageWaitsTooLong"],
        },
        [{ expr: `max(${q.of("tablica_oldest_message_seconds")})` }],
      ),
      bars(
        {
          title: "Unanswered by channel",
          says: "Where contacts without an answer are, the most first.",
          unit: "none",
          w: 8,
          h: 10,
          nothing: "No contact has come yet",
          more: { title: "Channels", uid: "tablica-channel" },
        },
        [{ expr: `sort_desc(sum by (channel) (${q.of("tablica_unanswered")}))`, legend: "{{channel}}" }],
      ),
      lines(
        {
          title: "Unanswered over time",
          says: "Open contacts without a human answer, by queue: what only rises is worked off by nobody.",
          unit: "none",
          w: 16,
          h: 10,
          nothing: "No contact has come yet",
          alerts: ["UnansweredPileUp"],
        },
        [{ expr: `sum by (queue) (${q.of("tablica_unanswered")})`, legend: "{{queue}}" }],
        { stacked: true, min: 0 },
      ),
      grid(
        {
          title: "By channel",
          says: "Of the contacts offered in the time shown: answered, answered within the threshold, given up (in the short-abandon limit: short), and gone elsewhere.",
          unit: "none",
          w: 24,
          h: 10,
          nothing: "No contact came in the time shown",
        },
        { channel: "Channel" },
        [
          { id: "offered", title: "Offered", expr: offered("channel"), unit: "none", decimals: 0 },
          {
            id: "answered",
            title: "Answered",
            expr: share("tablica_answered_total", "channel"),
            unit: "percentunit",
            decimals: 0,
          },
          {
            id: "intime",
            title: "Within threshold",
            expr: share("tablica_answered_in_threshold_total", "channel"),
            unit: "percentunit",
            decimals: 0,
          },
          {
            id: "abandoned",
            title: "Given up",
            expr: share("tablica_abandoned_total", "channel"),
            unit: "percentunit",
            decimals: 1,
          },
          {
            id: "short",
            title: "Of it short",
            expr: share("tablica_abandoned_short_total", "channel"),
            unit: "percentunit",
            decimals: 1,
          },
          {
            id: "flowed",
            title: "Gone elsewhere",
            expr: share("tablica_flowed_out_total", "channel"),
            unit: "percentunit",
            decimals: 1,
          },
          {
            id: "open",
            title: "Unanswered now",
            expr: `sum by (channel) (${q.of("tablica_unanswered")})`,
            unit: "none",
          },
        ],
        "Offered",
      ),
      lines(
        {
          title: "Public questions overdue",
          says: "Customers who asked where everybody can read it, and have waited for a public reply for longer than promised.",
          unit: "none",
          w: 12,
          h: 9,
          nothing: "Nobody has written yet",
          alerts: ["PublicPostsUnanswered"],
        },
        [{ expr: `sum by (channel) (${q.of("tablica_public_overdue")})`, legend: "{{channel}}" }],
        { min: 0 },
      ),
      lines(
        {
          title: "Reached nobody, of two days",
          says: "Of the contacts of the last 48 hours that were answered or are over: the share that never got an answer from a human.",
          unit: "percentunit",
          w: 12,
          h: 9,
          nothing: "No contact came within 48 hours",
          alerts: ["CustomersNotReached"],
        },
        [
          {
            expr: known(
              `(sum by (channel) (${q.of("tablica_contacts_48h", 'fate="never_answered"')}) / sum by (channel) (${q.of("tablica_contacts_48h", 'fate=~"never_answered|reached"')}))`,
            ),
            legend: "{{channel}}",
          },
        ],
        { min: 0 },
      ),
      lines(
        {
          title: "Given up, of those offered, 15 min",
          says: "Share of the contacts of the last 15 minutes that customers gave up, short ones left out, by queue.",
          unit: "percentunit",
          w: 12,
          h: 9,
          nothing: "No contact came in the last 15 minutes",
          alerts: ["AbandonedMany"],
        },
        [{ expr: `max by (queue) (${q.of("job_instance_queue:tablica_abandoned:ratio15m")})`, legend: "{{queue}}" }],
        { min: 0 },
      ),
      lines(
        {
          title: "Answered and given up per minute",
          says: "Answers against customers who gave up and contacts that went elsewhere.",
          unit: PER_MINUTE,
          w: 12,
          h: 9,
          nothing: "No contact has come yet",
        },
        [
          { id: "answered", expr: `60 * sum(${q.rate("tablica_answered_total")})`, legend: "answered", colour: GREEN },
          { id: "abandoned", expr: `60 * sum(${q.rate("tablica_abandoned_total")})`, legend: "given up", colour: RED },
          {
            id: "flowed",
            expr: `60 * sum(${q.rate("tablica_flowed_out_total")})`,
            legend: "gone elsewhere",
            colour: ORANGE,
          },
        ],
        { min: 0 },
      ),
    ];
  },
  rows: () => [],
};
