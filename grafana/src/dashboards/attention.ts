// Quality and public attention: does something unusual go on, and does anybody answer it.

import type { Page } from "../dashboard.ts";
import { bars, figure, GREEN, lines, ORANGE, PER_MINUTE, RED, words } from "../panels.ts";
import { known, type Queries } from "../query.ts";

const UNKNOWN = "Not known: Tablica needs some weeks of the channel before it knows what is usual at this hour";

function jump(q: Queries, of: string, title: string, says: string) {
  return lines(
    {
      title,
      says: `${says} In standard deviations from what is usual at this time of the week; 0 is usual.`,
      unit: "none",
      decimals: 1,
      w: 8,
      h: 9,
      nothing: UNKNOWN,
      alerts: of === "negative" ? ["PublicCriticismJumped"] : [],
    },
    [{ expr: known(`max by (channel) (${q.of("tablica_jump_deviations", `of="${of}"`)})`), legend: "{{channel}}" }],
  );
}

export const attention: Page = {
  uid: "tablica-attention",
  title: "Tablica / Quality and attention",
  description:
    "Does something unusual go on: more contacts, more mentions, more criticism than is usual at this hour of the week?",
  narrowing: ["channel", "queue"],
  board: "social",
  panels: (q) => [
    bars(
      {
        title: "Criticism against usual, now",
        says: "Negative messages of the last hour, in standard deviations from what is usual at this time of the week. From 3 on it is no chance: the alert comes, and somebody should read what is said.",
        unit: "none",
        decimals: 1,
        w: 12,
        h: 8,
        nothing: UNKNOWN,
        alerts: ["PublicCriticismJumped"],
      },
      [
        {
          expr: known(`sort_desc(max by (channel) (${q.of("tablica_jump_deviations", 'of="negative"')}))`),
          legend: "{{channel}}",
        },
      ],
      [
        [2, ORANGE],
        [3, RED],
      ],
      GREEN,
    ),
    bars(
      {
        title: "Mentions against usual, now",
        says: "Mentions of the last hour, in standard deviations from what is usual at this time of the week.",
        unit: "none",
        decimals: 1,
        w: 12,
        h: 8,
        nothing: UNKNOWN,
      },
      [
        {
          expr: known(`sort_desc(max by (channel) (${q.of("tablica_jump_deviations", 'of="mentions"')}))`),
          legend: "{{channel}}",
        },
      ],
    ),
    jump(q, "negative", "Criticism", "Negative messages of the last hour."),
    jump(q, "mentions", "Mentions", "Mentions of the last hour."),
    jump(q, "contacts", "Contacts", "Contacts of the last hour."),
  ],
  rows: (q) => [
    {
      title: "What Tablica recognises",
      panels: [
        figure(
          {
            title: "Topics in force",
            says: "Rules by which messages get topics, complaints and spam are told.",
            unit: "none",
            w: 6,
            h: 6,
            nothing: "Tablica does not report",
            alerts: ["TablicaTopicsFileBad"],
          },
          [{ expr: `max(${q.of("tablica_topic_rules")})` }],
        ),
        figure(
          {
            title: "Rules file",
            says: "Whether the file of topic rules is in force as it is now.",
            unit: "none",
            w: 6,
            h: 6,
            nothing: "Tablica does not report",
            alerts: ["TablicaTopicsFileBad"],
          },
          [{ expr: `min(${q.of("tablica_topics_file_ok")})` }],
          [[1, GREEN]],
          RED,
        ).mappings([{ type: "value" as never, options: { 0: { text: "has a mistake" }, 1: { text: "in force" } } }]),
        lines(
          {
            title: "Looked at only in part",
            says: "Messages per minute that were longer than topics.text_bytes_max, and topics beyond topics.tags_max.",
            unit: PER_MINUTE,
            w: 12,
            h: 6,
            nothing: "No channel is in the config",
          },
          [
            { id: "cut", expr: `60 * sum(${q.rate("tablica_texts_cut_total")})`, legend: "text cut" },
            { id: "tags", expr: `60 * sum(${q.rate("tablica_topic_tags_left_out_total")})`, legend: "topics left out" },
          ],
          { min: 0 },
        ),
      ],
    },
    {
      title: "What is not here",
      panels: [
        words(
          "Ratings, complaints, repeat contacts, topics",
          "Figures that Prometheus does not get",
          "Satisfaction, complaints, repeat contacts, sentiment and topics are no metrics of Prometheus. They are on the walls `quality` and `social`, in `GET /api/v1/kpis`, and so in Grafana by the Infinity data source: grafana/README.md says how.",
          24,
          4,
        ),
      ],
    },
  ],
};
