// One dashboard, drawn by Grafana's own components in its own grid, from answers that the driver has brought along.
// What the package lacks is drawn by what is near (bands of states by plain boxes, heat maps by lines); the driver names
// those panels.

import { createRoot } from "react-dom/client";
import {
  dateTime,
  type DataFrame,
  EventBusSrv,
  type FieldConfigSource,
  getFieldDisplayValues,
  renderMarkdown,
  type TimeRange,
} from "@grafana/data";
import {
  BarGauge,
  BigValue,
  GlobalStyles,
  PanelContextProvider,
  Table,
  ThemeContext,
  TimeSeries,
  VizRepeater,
} from "@grafana/ui";
import { useEffect, useState } from "react";

import { type Answer, frames, theme } from "./data";

interface Panel {
  id: number;
  type: string;
  title: string;
  gridPos: { x: number; y: number; w: number; h: number };
  fieldConfig: FieldConfigSource;
  options?: any;
  transformations?: never[];
  targets?: { refId: string }[];
}
interface Page {
  title: string;
  panels: Panel[];
}
interface Brought {
  page: Page;
  answers: Record<number, Answer[]>;
  from: number;
  to: number;
}

const WIDTH = 1600;
const CELL = 30;
const GAP = 8;
const TITLE = 34;

function Nothing({ panel }: { panel: Panel }) {
  return (
    <div
      style={{
        display: "grid",
        placeItems: "center",
        height: "100%",
        padding: 12,
        textAlign: "center",
        color: theme.colors.text.secondary,
      }}
    >
      {panel.fieldConfig.defaults.noValue}
    </div>
  );
}

function Figures({ panel, data, width, height }: { panel: Panel; data: DataFrame[]; width: number; height: number }) {
  const isBars = panel.type === "bargauge";
  const values = () =>
    getFieldDisplayValues({
      fieldConfig: panel.fieldConfig,
      reduceOptions: { calcs: ["lastNotNull"] },
      replaceVariables: (text) => text,
      theme,
      data,
      timeZone: "browser",
    });
  return (
    <VizRepeater
      getValues={values}
      source={data}
      width={width}
      height={height}
      renderCounter={1}
      itemSpacing={isBars ? 6 : 3}
      orientation={(isBars ? "horizontal" : "auto") as never}
      minVizHeight={16}
      maxVizHeight={40}
      autoGrid={!isBars}
      renderValue={({ value, width, height, count }) =>
        isBars ? (
          <BarGauge
            value={value.display}
            field={value.field}
            width={width}
            height={height}
            theme={theme}
            orientation={"horizontal" as never}
            displayMode={"basic" as never}
            itemSpacing={6}
            lcdCellWidth={8}
            valueDisplayMode={"text" as never}
            namePlacement={"left" as never}
            text={{ titleSize: 13, valueSize: 15 }}
            display={value.view?.getFieldDisplayProcessor(value.colIndex ?? 0)}
            alignmentFactors={{
              title: longest(values().map((it) => it.display.title ?? "")),
              text: longest(values().map((it) => it.display.text)),
              suffix: longest(values().map((it) => it.display.suffix ?? "")),
            }}
          />
        ) : (
          <BigValue
            value={{ ...value.display, title: count > 1 ? value.display.title : "" }}
            width={width}
            height={height}
            theme={theme}
            colorMode={"value" as never}
            graphMode={"none" as never}
            justifyMode={"auto" as never}
            textMode={"auto" as never}
            count={count}
          />
        )
      }
    />
  );
}

/** Which state each was in over time: a band for each series, a box for each stretch of one state. */
function Bands({ data, range, width, height }: { data: DataFrame[]; range: TimeRange; width: number; height: number }) {
  const from = range.from.valueOf(),
    whole = range.to.valueOf() - from;
  const names = 130,
    row = Math.min(44, height / data.length);
  return (
    <div style={{ position: "relative", width, height, fontSize: 12 }}>
      {data.map((frame, line) => {
        const [time, value] = frame.fields as [DataFrame["fields"][0], DataFrame["fields"][0]];
        const begins = value.values.flatMap((it, at) => (at === 0 || it !== value.values[at - 1] ? [at] : []));
        return begins.map((at, which) => {
          const start = time.values[at]!,
            end = time.values[begins[which + 1] ?? time.values.length - 1]!;
          const shown = value.display!(value.values[at]);
          return (
            <div key={`${line}-${at}`}>
              {which === 0 && (
                <div
                  style={{
                    position: "absolute",
                    top: line * row + row / 2 - 8,
                    width: names - 8,
                    overflow: "hidden",
                    whiteSpace: "nowrap",
                    textOverflow: "ellipsis",
                    textAlign: "right",
                  }}
                >
                  {frame.name}
                </div>
              )}
              <div
                style={{
                  position: "absolute",
                  left: names + ((start - from) / whole) * (width - names),
                  width: Math.max(1, ((end - start) / whole) * (width - names) - 1),
                  top: line * row + 2,
                  height: row - 4,
                  background: shown.color,
                  opacity: 0.8,
                  overflow: "hidden",
                  color: "#000",
                  padding: "2px 6px",
                }}
              >
                {which === begins.length - 1 || end - start > whole / 10 ? shown.text : ""}
              </div>
            </div>
          );
        });
      })}
    </div>
  );
}

function longest(texts: string[]): string {
  return texts.reduce((long, it) => (it.length > long.length ? it : long), "");
}

function Body({
  panel,
  data,
  range,
  width,
  height,
}: {
  panel: Panel;
  data: DataFrame[];
  range: TimeRange;
  width: number;
  height: number;
}) {
  if (panel.type === "text")
    return (
      <div
        className="markdown-html"
        style={{ padding: 8 }}
        dangerouslySetInnerHTML={{ __html: renderMarkdown(panel.options.content) }}
      />
    );
  if (data.length === 0 || data.every(({ length }) => length === 0)) return <Nothing panel={panel} />;
  if (panel.type === "stat" || panel.type === "bargauge")
    return <Figures panel={panel} data={data} width={width} height={height} />;
  if (panel.type === "table")
    return <Table data={data[0]!} width={width} height={height} initialSortBy={panel.options?.sortBy} />;
  if (panel.type === "state-timeline") return <Bands data={data} range={range} width={width} height={height} />;
  return (
    <TimeSeries
      frames={data}
      structureRev={1}
      width={width}
      height={height}
      timeRange={range}
      timeZone="browser"
      legend={{ showLegend: true, displayMode: "list" as never, placement: "bottom" as never, calcs: [] }}
    />
  );
}

function Board({ brought, data }: { brought: Brought; data: Map<number, DataFrame[]> }) {
  const unit = (WIDTH - GAP) / 24;
  const range = {
    from: dateTime(brought.from),
    to: dateTime(brought.to),
    raw: { from: dateTime(brought.from), to: dateTime(brought.to) },
  };
  const shown = brought.page.panels;
  let folded = 0;
  const bottom = Math.max(...shown.filter(({ type }) => type !== "row").map(({ gridPos }) => gridPos.y + gridPos.h));
  const rows = shown.filter(({ type }) => type === "row").length;
  return (
    <div
      id="board"
      style={{
        width: WIDTH,
        height: 52 + (bottom + rows * 1.2) * (CELL + GAP) + GAP,
        position: "relative",
        background: theme.colors.background.canvas,
        fontFamily: theme.typography.fontFamily,
        color: theme.colors.text.primary,
      }}
    >
      <div style={{ padding: "14px 12px", fontSize: 20 }}>{brought.page.title}</div>
      {shown.map((panel) => {
        if (panel.type === "row") {
          const top = 52 + (bottom + folded++ * 1.2) * (CELL + GAP);
          return (
            <div key={panel.id} style={{ position: "absolute", left: GAP, top, padding: "8px 4px", fontSize: 16 }}>
              ▸ {panel.title}
            </div>
          );
        }
        const { x, y, w, h } = panel.gridPos;
        const width = w * unit - GAP,
          height = h * (CELL + GAP) - GAP;
        return (
          <section
            key={panel.id}
            style={{
              position: "absolute",
              left: GAP + x * unit,
              top: 52 + y * (CELL + GAP),
              width,
              height,
              overflow: "hidden",
              background: theme.colors.background.primary,
              border: `1px solid ${theme.components.panel.borderColor}`,
              borderRadius: 4,
            }}
          >
            <h2 style={{ margin: 0, padding: "8px 10px", fontSize: 14, fontWeight: 500 }}>{panel.title}</h2>
            <div style={{ position: "absolute", left: 8, top: TITLE, width: width - 16, height: height - TITLE - 8 }}>
              <PanelContextProvider
                value={{ eventBus: new EventBusSrv(), eventsScope: "x", onSplitOpen: () => undefined } as never}
              >
                <Body
                  panel={panel}
                  data={data.get(panel.id) ?? []}
                  range={range}
                  width={width - 16}
                  height={height - TITLE - 8}
                />
              </PanelContextProvider>
            </div>
          </section>
        );
      })}
    </div>
  );
}

function Whole({ brought }: { brought: Brought }) {
  const [data, setData] = useState<Map<number, DataFrame[]>>();
  useEffect(() => {
    const dressed = brought.page.panels
      .filter(({ type }) => type !== "row" && type !== "text")
      .map(async (panel) => [panel.id, await frames(panel, brought.answers[panel.id] ?? [], "browser")] as const);
    void Promise.all(dressed).then((all) => {
      setData(new Map(all));
      requestAnimationFrame(() =>
        requestAnimationFrame(() => {
          document.body.dataset.drawn = "yes";
        }),
      );
    });
  }, [brought]);
  return (
    <ThemeContext.Provider value={theme}>
      <GlobalStyles isExtensionsPanel={false as never} />
      {data && <Board brought={brought} data={data} />}
    </ThemeContext.Provider>
  );
}

declare global {
  interface Window {
    draw: (brought: Brought) => void;
  }
}
window.draw = (brought) => createRoot(document.getElementById("root")!).render(<Whole brought={brought} />);
