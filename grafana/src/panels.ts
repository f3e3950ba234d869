// The kinds of panels that the dashboards are made of, each with what a reader needs: a title, a sentence, a unit, and
// words for when there is nothing. Colours mean the same everywhere: red is missed, orange is about to be, green is well.

import * as bargauge from "@grafana/grafana-foundation-sdk/bargauge";
import * as common from "@grafana/grafana-foundation-sdk/common";
import * as dashboard from "@grafana/grafana-foundation-sdk/dashboard";
import * as heatmap from "@grafana/grafana-foundation-sdk/heatmap";
import * as prometheus from "@grafana/grafana-foundation-sdk/prometheus";
import * as stat from "@grafana/grafana-foundation-sdk/stat";
import * as statetimeline from "@grafana/grafana-foundation-sdk/statetimeline";
import * as table from "@grafana/grafana-foundation-sdk/table";
import * as text from "@grafana/grafana-foundation-sdk/text";
import * as timeseries from "@grafana/grafana-foundation-sdk/timeseries";

export const RED = "red";
export const ORANGE = "orange";
export const GREEN = "green";
export const GREY = "#8e8e8e";
export const BLUE = "blue";
const RUNBOOKS = "https://github.com/tablica/tablica/blob/main/grafana/runbooks";

/** The one data source of every panel: the variable of that name. */
export const SOURCE: common.DataSourceRef = { type: "prometheus", uid: "${datasource}" };

/** One query of a panel. */
export interface Query {
  expr: string;
  legend?: string;
  id?: string;
  colour?: string;
  dashed?: boolean;
}

/** How often. */
export const PER_MINUTE = "suffix:/min";
export const PER_SECOND = "suffix:/s";
/** How long, as walls and PBXs say it: 00:04:45. */
export const CLOCK = "dthms";

/** Agents' states as people say them, in the colours that walls give them. */
export const AGENTS: Record<string, { says: string; colour: string }> = {
  available: { says: "available", colour: "green" },
  ringing: { says: "ringing", colour: "light-blue" },
  talking: { says: "talking", colour: "blue" },
  hold: { says: "on hold", colour: "dark-blue" },
  after_work: { says: "after work", colour: "purple" },
  paused: { says: "paused", colour: "orange" },
};

/** What all panels say of themselves. */
export interface About {
  title: string;
  /** What it shows and, where that is not plain, what to do about it. */
  says: string;
  unit: string;
  /** Width of 24, height. */
  w: number;
  h: number;
  /** What stands there when there is no figure, and why. */
  nothing: string;
  decimals?: number;
  /** Alerts that watch over this: their runbooks are linked. */
  alerts?: readonly string[];
  /** Another dashboard that shows more of the same. */
  more?: { title: string; uid: string };
}

/** A colour from this value on. */
export type Step = [number, string];
/** Any number is as good as another: the figure is what is read. */
export const PLAIN: readonly Step[] = [];
/** None is well, one is too many. */
export const NONE_IS_WELL: readonly Step[] = [[1, RED]];

type Panel =
  | timeseries.PanelBuilder
  | stat.PanelBuilder
  | table.PanelBuilder
  | bargauge.PanelBuilder
  | statetimeline.PanelBuilder
  | heatmap.PanelBuilder;

function dressed<P extends Panel>(panel: P, about: About, queries: readonly Query[], instant: boolean): P {
  panel
    .title(about.title)
    .description(about.says)
    .unit(about.unit)
    .span(about.w)
    .height(about.h)
    .noValue(about.nothing)
    .datasource(SOURCE);
  if (about.decimals !== undefined) panel.decimals(about.decimals);
  queries.forEach((it, index) => {
    const query = new prometheus.DataqueryBuilder()
      .refId(it.id ?? String.fromCharCode(65 + index))
      .datasource(SOURCE)
      .expr(it.expr)
      .legendFormat(it.legend ?? "")
      .editorMode(prometheus.QueryEditorMode.Code);
    panel.withTarget(instant ? query.instant() : query.range());
  });
  const links = (about.alerts ?? []).map((alert) => link(`Runbook: ${alert}`, `${RUNBOOKS}/${alert}.md`));
  if (about.more) links.push(link(about.more.title, `/d/${about.more.uid}?\${__url_time_range}&\${__all_variables}`));
  if (links.length > 0) panel.links(links);
  return panel;
}

function link(title: string, url: string): dashboard.DashboardLinkBuilder {
  return new dashboard.DashboardLinkBuilder(title).url(url).type(dashboard.DashboardLinkType.Link);
}

export function steps(base: string, above: readonly Step[]): dashboard.ThresholdsConfigBuilder {
  const all: dashboard.Threshold[] = [
    { value: null, color: base },
    ...above.map(([value, color]) => ({ value, color })),
  ];
  return new dashboard.ThresholdsConfigBuilder().mode(dashboard.ThresholdsMode.Absolute).steps(all);
}

/** Figures in large type. With `steps` the first colour is green: what is below them is well. */
export function figure(
  about: About,
  queries: readonly Query[],
  above: readonly Step[] = PLAIN,
  base?: string,
): stat.PanelBuilder {
  const panel = dressed(new stat.PanelBuilder(), about, queries, true);
  panel
    .thresholds(steps(base ?? (above.length > 0 ? GREEN : "text"), above))
    .colorMode(common.BigValueColorMode.Value)
    .graphMode(common.BigValueGraphMode.None)
    .textMode(
      queries.length > 1 || queries.some((it) => it.legend)
        ? common.BigValueTextMode.ValueAndName
        : common.BigValueTextMode.Value,
    )
    .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(["lastNotNull"]));
  for (const it of queries) {
    if (it.colour && it.id)
      panel.overrideByQuery(it.id, [{ id: "color", value: { mode: "fixed", fixedColor: it.colour } }]);
  }
  return panel;
}

/** A share of each queue or policy in green while it is at the goal that Tablica itself tells, else in red: no threshold is typed in. */
export function againstGoal(about: About, share: string, goal: string, by: string): stat.PanelBuilder {
  return figure(about, [
    { id: "reached", expr: `${share} >= on (job, instance, ${by}) ${goal}`, colour: GREEN, legend: `{{${by}}}` },
    { id: "missed", expr: `${share} < on (job, instance, ${by}) ${goal}`, colour: RED, legend: `{{${by}}}` },
  ]).textMode(common.BigValueTextMode.Auto);
}

/** Lines over time. */
export function lines(
  about: About,
  queries: readonly Query[],
  options: {
    stacked?: boolean;
    fill?: number;
    min?: number;
    max?: number;
    /** The axis reaches so far at least: of nothing but zeros Grafana makes one of its own. */
    upTo?: number;
    zeroLine?: boolean;
    bars?: boolean;
  } = {},
): timeseries.PanelBuilder {
  const panel = dressed(new timeseries.PanelBuilder(), about, queries, false);
  panel
    .lineWidth(2)
    .fillOpacity(options.fill ?? (options.stacked ? 40 : 0))
    .showPoints(common.VisibilityMode.Never)
    .axisBorderShow(false)
    .spanNulls(false)
    .legend(
      new common.VizLegendOptionsBuilder()
        .displayMode(common.LegendDisplayMode.List)
        .placement(common.LegendPlacement.Bottom)
        .showLegend(true),
    )
    .tooltip(
      new common.VizTooltipOptionsBuilder().mode(common.TooltipDisplayMode.Multi).sort(common.SortOrder.Descending),
    )
    .colorScheme(new dashboard.FieldColorBuilder().mode(dashboard.FieldColorModeId.PaletteClassicByName));
  if (options.min !== undefined) panel.min(options.min);
  if (options.max !== undefined) panel.max(options.max);
  if (options.upTo !== undefined) panel.axisSoftMax(options.upTo);
  if (options.stacked) panel.stacking(new common.StackingConfigBuilder().mode(common.StackingMode.Normal).group("A"));
  if (options.bars) panel.drawStyle(common.GraphDrawStyle.Bars).lineWidth(0).fillOpacity(70);
  if (options.zeroLine) {
    panel
      .thresholds(steps(RED, [[0, "transparent"]]))
      .thresholdsStyle(new common.GraphThresholdsStyleConfigBuilder().mode(common.GraphThresholdsStyleMode.Line))
      .axisSoftMin(-0.1)
      .axisSoftMax(0.1);
  }
  for (const it of queries) {
    const properties: dashboard.DynamicConfigValue[] = [];
    if (it.colour) properties.push({ id: "color", value: { mode: "fixed", fixedColor: it.colour } });
    if (it.dashed)
      properties.push(
        { id: "custom.lineStyle", value: { fill: "dash", dash: [10, 10] } },
        { id: "custom.fillOpacity", value: 0 },
      );
    if (properties.length > 0 && it.id) panel.overrideByQuery(it.id, properties);
  }
  return panel;
}

/** How many agents were in which state; those offline are left out. */
export function agentsByState(about: Omit<About, "unit">, expr: string): timeseries.PanelBuilder {
  const panel = lines({ ...about, unit: "none" }, [{ expr, legend: "{{state}}" }], { stacked: true, min: 0 });
  for (const [state, { says, colour }] of Object.entries(AGENTS)) {
    panel.overrideByName(state, [
      { id: "color", value: { mode: "fixed", fixedColor: colour } },
      { id: "displayName", value: says },
    ]);
  }
  return panel;
}

/** Bars that compare what there is now, the longest first. */
export function bars(
  about: About,
  queries: readonly Query[],
  above: readonly Step[] = PLAIN,
  base?: string,
): bargauge.PanelBuilder {
  return dressed(new bargauge.PanelBuilder(), about, queries, true)
    .min(0)
    .thresholds(steps(base ?? (above.length > 0 ? GREEN : BLUE), above))
    .orientation(common.VizOrientation.Horizontal)
    .displayMode(common.BarGaugeDisplayMode.Basic)
    .valueMode(common.BarGaugeValueMode.Text)
    .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(["lastNotNull"]));
}

/** One column of a table: the query of its figure, and how that is shown. */
export interface Column {
  id: string;
  title: string;
  expr: string;
  unit: string;
  decimals?: number;
  above?: readonly Step[];
  base?: string;
  width?: number;
}

/** A table with a line for each value of `by`; the columns' queries are joined by it. */
export function grid(
  about: About,
  by: Record<string, string>,
  columns: readonly Column[],
  sortBy?: string,
  widths: Record<string, number> = {},
): table.PanelBuilder {
  const queries = columns.map(({ id, expr }) => ({ id, expr }));
  const panel = dressed(new table.PanelBuilder(), about, queries, true);
  for (const target of panel.build().targets ?? [])
    (target as prometheus.Dataquery).format = prometheus.PromQueryFormat.Table;
  const names = Object.fromEntries([
    ...Object.entries(by),
    ...columns.map(({ id, title }) => [columns.length > 1 ? `Value #${id}` : "Value", title]),
  ]);
  const order = Object.fromEntries(
    [...Object.keys(by), ...columns.map(({ id }) => (columns.length > 1 ? `Value #${id}` : "Value"))].map(
      (name, index) => [name, index],
    ),
  );
  // The words for nothing are for the whole; a cell without a value has a dash.
  const dash = { type: "special", options: { match: "null+nan", result: { text: "–", color: GREY } } };
  for (const kind of ["string", "number"])
    panel.overrideByFieldType(kind, [
      { id: "noValue", value: "–" },
      ...(kind === "number" ? [{ id: "mappings", value: [dash] }] : []),
    ]);
  panel
    .minWidth(60)
    .withTransformation({ id: "merge", options: {} })
    .withTransformation({
      id: "organize",
      options: { excludeByName: { Time: true }, renameByName: names, indexByName: order },
    })
    .cellHeight(common.TableCellHeight.Sm);
  for (const it of columns) {
    const properties: dashboard.DynamicConfigValue[] = [{ id: "unit", value: it.unit }];
    if (it.decimals !== undefined) properties.push({ id: "decimals", value: it.decimals });
    if (it.width !== undefined) properties.push({ id: "custom.width", value: it.width });
    if (it.above)
      properties.push(
        { id: "custom.cellOptions", value: { type: "color-text" } },
        { id: "thresholds", value: steps(it.base ?? GREEN, it.above ?? []).build() },
      );
    panel.overrideByName(it.title, properties);
  }
  for (const [title, width] of Object.entries(widths))
    panel.overrideByName(title, [{ id: "custom.width", value: width }]);
  if (sortBy) panel.sortBy([new common.TableSortByFieldStateBuilder().displayName(sortBy).desc(true)]);
  return panel;
}

/** Which state each was in over time; the values are numbers that `words` gives names and colours. */
export function states(
  about: About,
  queries: readonly Query[],
  words: Record<string, { text: string; color: string }>,
): statetimeline.PanelBuilder {
  return dressed(new statetimeline.PanelBuilder(), about, queries, false)
    .mappings([{ type: dashboard.MappingType.ValueToText, options: words }])
    .thresholds(steps(GREEN, []))
    .mergeValues(true)
    .showValue(common.VisibilityMode.Never)
    .rowHeight(0.8)
    .lineWidth(0)
    .fillOpacity(80)
    .legend(
      new common.VizLegendOptionsBuilder()
        .displayMode(common.LegendDisplayMode.List)
        .placement(common.LegendPlacement.Bottom)
        .showLegend(true),
    );
}

/** How many fell into which bucket of a histogram over time; `expr` is summed by `le`. */
export function buckets(about: About, expr: string): heatmap.PanelBuilder {
  const panel = dressed(new heatmap.PanelBuilder(), about, [{ expr, legend: "{{le}}" }], false);
  for (const target of panel.build().targets ?? [])
    (target as prometheus.Dataquery).format = prometheus.PromQueryFormat.Heatmap;
  return panel
    .calculate(false)
    .yAxis(new heatmap.YAxisConfigBuilder().unit("s").axisPlacement(common.AxisPlacement.Left))
    .color(
      new heatmap.HeatmapColorOptionsBuilder()
        .mode(heatmap.HeatmapColorMode.Scheme)
        .scheme("Oranges")
        .steps(32)
        .reverse(false)
        .exponent(0.5)
        .fill("dark-orange"),
    )
    .cellGap(1);
}

/** Words. */
export function words(title: string, says: string, content: string, w: number, h: number): text.PanelBuilder {
  return new text.PanelBuilder()
    .title(title)
    .description(says)
    .span(w)
    .height(h)
    .mode(text.TextMode.Markdown)
    .content(content);
}
