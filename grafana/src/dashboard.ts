// One dashboard: its variables, its links to the others, to the runbooks and to the wall, and its rows.

import * as cog from "@grafana/grafana-foundation-sdk/cog";
import * as sdk from "@grafana/grafana-foundation-sdk/dashboard";

import { SOURCE } from "./panels.ts";
import { Queries, type Narrowing } from "./query.ts";

const RUNBOOKS = "https://github.com/tablica/tablica/blob/main/grafana/README.md#alerts";

/** A panel of any kind. */
export type AnyPanel = cog.Builder<sdk.Panel>;
/** A row that is folded until somebody asks. */
export interface Row {
  title: string;
  panels: AnyPanel[];
}

export interface Page {
  uid: string;
  title: string;
  description: string;
  narrowing: readonly Narrowing[];
  /** It is about one of these at a time. */
  one?: Narrowing;
  /** Which board of the wall shows the same. */
  board: string;
  panels: (q: Queries) => AnyPanel[];
  rows: (q: Queries) => Row[];
}

// All jobs and instances are those that run Tablica, not whatever else Prometheus scrapes; all channels and queues are
// also what has no such label.
function query(
  name: string,
  label: string,
  description: string,
  asked: string,
  alone = false,
): sdk.QueryVariableBuilder {
  const variable = new sdk.QueryVariableBuilder(name)
    .label(label)
    .description(description)
    .datasource(SOURCE)
    .query({ qryType: 1, query: asked, refId: "PrometheusVariableQueryEditor-VariableQuery" })
    .definition(asked)
    .refresh(sdk.VariableRefresh.OnTimeRangeChanged)
    .sort(sdk.VariableSort.AlphabeticalAsc);
  if (alone) return variable.multi(false).includeAll(false);
  variable
    .multi(true)
    .includeAll(true)
    .current({ selected: true, text: ["All"], value: ["$__all"] });
  return name === "job" || name === "instance" ? variable : variable.allValue(".*");
}

function variables({ narrowing, one }: Page): cog.Builder<sdk.VariableModel>[] {
  const here = 'job=~"$job", instance=~"$instance"';
  return [
    new sdk.DatasourceVariableBuilder("datasource")
      .label("Data source")
      .description("The Prometheus that scrapes Tablica")
      .type("prometheus")
      .current({ text: "default", value: "default" }),
    query("job", "Job", "The scrape job of Tablica", "label_values(tablica_build_info, job)"),
    query("instance", "Instance", "One server of Tablica", 'label_values(tablica_build_info{job=~"$job"}, instance)'),
    ...(narrowing.includes("channel")
      ? [
          query(
            "channel",
            "Channel",
            "Only contacts of these channels, where a figure is by channel",
            `label_values(tablica_channel_feed{${here}}, channel)`,
            one === "channel",
          ),
        ]
      : []),
    ...(narrowing.includes("queue")
      ? [
          query(
            "queue",
            "Queue",
            "Only contacts of these queues, where a figure is by queue",
            `label_values(tablica_waiting{${here}}, queue)`,
            one === "queue",
          ),
        ]
      : []),
    new sdk.TextBoxVariableBuilder("wall_url")
      .label("Wall")
      .description("Where Tablica's walls are, for the link to them")
      .defaultValue("http://localhost:8080")
      .current({ text: "http://localhost:8080", value: "http://localhost:8080" }),
  ];
}

function links(board: string): cog.Builder<sdk.DashboardLink>[] {
  const all = new sdk.DashboardLinkBuilder("Tablica")
    .type(sdk.DashboardLinkType.Dashboards)
    .tags(["tablica"])
    .asDropdown(true)
    .includeVars(true)
    .keepTime(true);
  const out = (title: string, tooltip: string, url: string) =>
    new sdk.DashboardLinkBuilder(title)
      .type(sdk.DashboardLinkType.Link)
      .icon("external link")
      .tooltip(tooltip)
      .url(url)
      .targetBlank(true);
  return [
    all,
    out("Wall", "The same on the wall, second by second", `\${wall_url}/wall/${board}`),
    out("Runbooks", "What to do when an alert fires", RUNBOOKS),
  ];
}

/** The dashboard as Grafana reads it. */
export function built(page: Page): sdk.Dashboard {
  const q = new Queries(page.narrowing);
  const builder = new sdk.DashboardBuilder(page.title)
    .uid(page.uid)
    .description(page.description)
    .tags(["tablica"])
    .readonly()
    .refresh("30s")
    .time({ from: "now-6h", to: "now" })
    .timezone("browser")
    .tooltip(sdk.DashboardCursorSync.Crosshair)
    .variables(variables(page))
    .links(links(page.board));
  for (const panel of page.panels(q)) builder.withPanel(panel);
  for (const row of page.rows(q)) {
    const folded = new sdk.RowBuilder(row.title);
    for (const panel of row.panels) folded.withPanel(panel);
    builder.withRow(folded);
  }
  const whole = builder.build();
  let id = 0;
  for (const panel of whole.panels ?? []) {
    panel.id = ++id;
    if ("panels" in panel) for (const inner of panel.panels ?? []) inner.id = ++id;
  }
  return whole;
}
