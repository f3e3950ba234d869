// What Prometheus answered becomes what Grafana's panels take: frames with a panel's units, colours and
// transformations, made by Grafana's own code.

import {
  applyFieldOverrides,
  createTheme,
  type DataFrame,
  FieldConfigOptionsRegistry,
  type FieldConfigSource,
  FieldType,
  identityOverrideProcessor,
  standardTransformers,
  standardTransformersRegistry,
  transformDataFrame,
} from "@grafana/data";
import { firstValueFrom } from "rxjs";

export const theme = createTheme({ colors: { mode: "dark" } });

/** One series of an answer: an instant query has one value. */
export interface Series {
  metric: Record<string, string>;
  value?: [number, string];
  values?: [number, string][];
}
export interface Target {
  refId: string;
  legendFormat?: string;
  format?: string;
}
export interface Answer {
  target: Target;
  series: Series[];
}

const STANDARD = ["unit", "decimals", "min", "max", "noValue", "thresholds", "mappings", "color", "displayName"];
const CUSTOM = [
  "lineWidth",
  "fillOpacity",
  "showPoints",
  "axisBorderShow",
  "spanNulls",
  "stacking",
  "drawStyle",
  "lineStyle",
  "thresholdsStyle",
  "axisSoftMin",
  "axisSoftMax",
  "gradientMode",
  "axisPlacement",
  "axisColorMode",
  "lineInterpolation",
  "pointSize",
  "scaleDistribution",
  "axisCenteredZero",
  "barAlignment",
  "hideFrom",
  "width",
  "minWidth",
  "align",
  "cellOptions",
];

function option(name: string, isCustom: boolean) {
  return {
    id: isCustom ? `custom.${name}` : name,
    path: name,
    name,
    isCustom,
    settings: {},
    process: identityOverrideProcessor,
    shouldApply: () => true,
    override: () => null,
    editor: () => null,
  } as never;
}

const registry = new FieldConfigOptionsRegistry(() => [
  ...STANDARD.map((it) => option(it, false)),
  ...CUSTOM.map((it) => option(it, true)),
]);

// Grafana's own panels bring these; the dashboards leave them as they are.
const LINES = {
  lineInterpolation: "linear",
  gradientMode: "none",
  axisPlacement: "auto",
  axisColorMode: "text",
  axisCenteredZero: false,
  barAlignment: 0,
  pointSize: 5,
  drawStyle: "line",
  scaleDistribution: { type: "linear" },
  hideFrom: { viz: false, legend: false, tooltip: false },
};

standardTransformersRegistry.setInit(() =>
  ["merge", "organize"].map(
    (id) =>
      ({
        id,
        name: id,
        transformation: () =>
          Promise.resolve(
            id === "merge" ? standardTransformers.mergeTransformer : standardTransformers.organizeFieldsTransformer,
          ),
        editor: () => null,
      }) as never,
  ),
);

function named(legend: string | undefined, labels: Record<string, string>): string {
  if (!legend)
    return (
      Object.entries(labels)
        .map(([name, value]) => `${name}="${value}"`)
        .join(", ") || "Value"
    );
  return legend.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, label: string) => labels[label] ?? "");
}

function asSeries({ target, series }: Answer): DataFrame[] {
  return series.map(({ metric, value, values }) => {
    const points = values ?? [value!];
    return {
      refId: target.refId,
      name: named(target.legendFormat, metric),
      length: points.length,
      fields: [
        { name: "Time", type: FieldType.time, config: {}, values: points.map(([at]) => at * 1000) },
        {
          name: "Value",
          type: FieldType.number,
          labels: metric,
          config: { displayNameFromDS: named(target.legendFormat, metric) },
          values: points.map(([, it]) => Number(it)),
        },
      ],
    };
  });
}

function asTable({ target, series }: Answer, alone: boolean): DataFrame {
  const labels = [...new Set(series.flatMap(({ metric }) => Object.keys(metric)))];
  return {
    refId: target.refId,
    length: series.length,
    fields: [
      { name: "Time", type: FieldType.time, config: {}, values: series.map(({ value }) => value![0] * 1000) },
      ...labels.map((label) => ({
        name: label,
        type: FieldType.string,
        config: {},
        values: series.map(({ metric }) => metric[label] ?? ""),
      })),
      {
        name: alone ? "Value" : `Value #${target.refId}`,
        type: FieldType.number,
        config: {},
        values: series.map(({ value }) => Number(value![1])),
      },
    ],
  };
}

/** A panel's answers as its frames, dressed. */
export async function frames(
  panel: { type: string; fieldConfig: FieldConfigSource; transformations?: never[] },
  answers: Answer[],
  timeZone: string,
): Promise<DataFrame[]> {
  const some = answers.filter(({ series }) => series.length > 0);
  const raw = panel.type === "table" ? some.map((it) => asTable(it, answers.length === 1)) : some.flatMap(asSeries);
  const changed = panel.transformations?.length
    ? await firstValueFrom(transformDataFrame(panel.transformations, raw))
    : raw;
  const source = {
    ...panel.fieldConfig,
    defaults: {
      ...panel.fieldConfig.defaults,
      custom: { ...(panel.type === "table" ? {} : LINES), ...panel.fieldConfig.defaults.custom },
    },
  };
  return applyFieldOverrides({
    data: changed,
    fieldConfig: source,
    fieldConfigRegistry: registry,
    replaceVariables: (text) => text,
    theme,
    timeZone,
  });
}
