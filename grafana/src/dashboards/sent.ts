// What Tablica sends to people: reports by mail, and messages about alerts.

import { grid, NONE_IS_WELL } from "../panels.ts";
import type { Queries } from "../query.ts";

export function reportsByMail(q: Queries) {
  return grid(
    {
      title: "Reports by mail",
      says: "Reports of the config: to how many recipients the last one is still owed, and what became of mails in the time shown.",
      unit: "none",
      w: 12,
      h: 7,
      nothing: "There is no report in the config: none is sent",
      alerts: ["TablicaReportNotMailed"],
    },
    { report: "Report" },
    [
      {
        id: "owed",
        title: "Not delivered",
        expr: `max by (report) (${q.of("tablica_report_undelivered")})`,
        unit: "none",
        decimals: 0,
        above: NONE_IS_WELL,
      },
      {
        id: "sent",
        title: "Sent",
        expr: `sum by (report) (${q.inRange("tablica_report_mails_total", 'result="sent"')})`,
        unit: "none",
        decimals: 0,
      },
      {
        id: "given_up",
        title: "Given up or missed",
        expr: `sum by (report) (${q.inRange("tablica_report_mails_total", 'result=~"given_up|missed"')})`,
        unit: "none",
        decimals: 0,
        above: NONE_IS_WELL,
      },
    ],
  );
}

export function messagesAboutAlerts(q: Queries) {
  return grid(
    {
      title: "Messages about alerts",
      says: "What receivers of the config (notify) were told in the time shown, and tries that failed: those are repeated with what is so by then.",
      unit: "none",
      w: 12,
      h: 7,
      nothing: "Nobody was told of an alert: the config has no section notify, or nothing was wrong",
    },
    { receiver: "Receiver" },
    [
      {
        id: "sent",
        title: "Sent",
        expr: `sum by (receiver) (${q.inRange("tablica_alert_messages_total", 'result="sent"')})`,
        unit: "none",
        decimals: 0,
      },
      {
        id: "failed",
        title: "Failed",
        expr: `sum by (receiver) (${q.inRange("tablica_alert_messages_total", 'result="failed"')})`,
        unit: "none",
        decimals: 0,
        above: NONE_IS_WELL,
      },
    ],
  );
}
