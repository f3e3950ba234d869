// A list of a form: each element a text, or keys of its own. Its order is the order on the wall.

import type { Json, Schema } from "./desk";
import { Choice, choicesOf, type FieldProps, Labelled } from "./fields";
import { Fields } from "./form";

/** What an element of these lists names, where it is a text. */
const NAMES: Record<string, string> = { columns: "kpi", series: "kpi", queues: "queue" };

export function ListField({ ask, name, schema, value, set }: FieldProps) {
  const { words } = ask;
  const all = Array.isArray(value) ? value : [];
  const kinds = schema.items?.anyOf || (schema.items ? [schema.items] : []);
  const table = kinds.find((kind) => kind.type === "object");
  const text = kinds.find((kind) => kind.type === "string");
  const put = (next: Json[]) => set(next.length > 0 ? next : null);
  const at = (place: number, element: Json) => put(all.map((it, index) => (index === place ? element : it)));
  const without = (place: number) => put(all.filter((_it, index) => index !== place));
  const up = (place: number) => {
    const next = all.slice();
    next.splice(place - 1, 0, ...next.splice(place, 1));
    put(next);
  };
  const kind = NAMES[name] || name;
  return (
    <fieldset class="key list" data-list={name}>
      <legend title={schema.description}>
        <code>{name}</code>
        {schema.description && <small> {schema.description}</small>}
      </legend>
      {all.map((element, place) => (
        <div class="element" key={place}>
          {isTable(element) && table ? (
            <Fields ask={ask} schema={table} keys={element} without={[]} set={(key, it) => at(place, changed(element, key, it))} />
          ) : (
            <TextElement {...{ ask, kind, place }} value={element} set={(it) => (it === null ? without(place) : at(place, it))} />
          )}
          <p class="buttons">
            {!isTable(element) && table && NAMES[name] === "kpi" && (
              <button type="button" class="plain" onClick={() => at(place, { kpi: element })}>
                {words["all"]}
              </button>
            )}
            <button type="button" class="plain" disabled={place === 0} onClick={() => up(place)}>
              {words["item-up"]}
              <span class="unseen"> {place + 1}</span>
            </button>
            <button type="button" class="plain" onClick={() => without(place)}>
              {words["item-remove"]}
              <span class="unseen"> {place + 1}</span>
            </button>
          </p>
        </div>
      ))}
      <button type="button" class="plain" onClick={() => put([...all, text ? firstOf(ask, kind) : begun(table)])}>
        {words["item-add"]}
        <span class="unseen"> {name}</span>
      </button>
    </fieldset>
  );
}

function TextElement({ ask, kind, place, value, set }: { ask: FieldProps["ask"]; kind: string; place: number; value: Json; set(value: Json): void }) {
  const name = `${kind} ${place + 1}`;
  const choices = choicesOf(ask, kind, {});
  if (choices) return <Choice {...{ ask, name, value, set, choices }} schema={{}} isRequired />;
  return (
    <Labelled name={name}>
      <input type="text" value={String(value ?? "")} onChange={(event) => set(event.currentTarget.value)} />
    </Labelled>
  );
}

function firstOf(ask: FieldProps["ask"], kind: string): Json {
  return choicesOf(ask, kind, {})?.[0]?.value ?? "";
}

/** A new element with the keys that cannot be left out. */
function begun(table: Schema | undefined): Json {
  const has = (key: string) => Boolean(table?.properties?.[key]);
  return has("when") ? { when: ">= 10", tone: "warn" } : has("kpi") ? { kpi: "waiting" } : {};
}

function isTable(value: Json): value is { [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function changed(table: { [key: string]: Json }, key: string, value: Json): Json {
  const next = { ...table, [key]: value };
  if (value === null) delete next[key];
  return next;
}
