// Forms for the keys of a tile and of the board, made from the schema of board files: what the server's
// reader takes is what can be filled in.

import type { Json, Keys, Schema, Words } from "./desk";
import { type Ask, Field } from "./fields";
import type { Session } from "./session";

/** These come first, in this order; all others by name. */
const FIRST = ["id", "title", "subtitle", "kpi", "by", "series", "columns", "window", "queue", "channel", "policy"];
const CELLS = ["x", "y", "w", "h"];

export function TileForm({ session, words }: { session: Session; words: Words }) {
  const tile = session.chosen;
  const keys = session.draft.tiles[tile];
  if (!keys) return <p class="soft">{words["nothing-chosen"]}</p>;
  const type = String(keys["type"] || "");
  const schema = typeSchema(session.desk.schema, type);
  const set = (key: string, value: Json) => void session.act({ act: "set", tile, keys: { [key]: value } });
  const ask: Ask = { desk: session.desk, words };
  const name = session.nameOf(tile);
  const remarks = session.draft.problems.filter((it) => it.tile === tile);
  return (
    // Another tile is another form: nothing that is half typed goes over to it.
    <form key={tile} class="keys" data-form={name} onSubmit={(event) => event.preventDefault()}>
      <h2>
        {name} <code>{type}</code>
      </h2>
      {remarks.map((remark, at) => (
        <p key={at} class="wrong" role="alert">
          {remark.text}
        </p>
      ))}
      <div class="cell-row">
        {CELLS.map((cell) => (
          <Field key={cell} {...{ ask }} name={cell} schema={{ type: "integer" }} value={keys[cell] ?? null} isRequired set={(value) => set(cell, value)} />
        ))}
      </div>
      {schema ? (
        <Fields {...{ ask, schema, keys, set }} without={[...CELLS, "type"]} />
      ) : (
        <p class="wrong">{words["not-whole"]}</p>
      )}
      <p class="buttons">
        <button type="button" class="plain" onClick={() => void session.act({ act: "copy", tile })}>
          {words["copy"]}
        </button>
        <button type="button" class="danger" onClick={() => void session.act({ act: "remove", tile })}>
          {words["remove-tile"]}
        </button>
      </p>
    </form>
  );
}

export function BoardForm({ session, words }: { session: Session; words: Words }) {
  const set = (key: string, value: Json) => void session.act({ act: "board", keys: { [key]: value } });
  const ask: Ask = { desk: session.desk, words };
  return (
    <form class="keys" onSubmit={(event) => event.preventDefault()}>
      <Fields {...{ ask, set }} schema={session.desk.schema} keys={session.draft.board} without={["tile"]} />
      <p class="soft">
        {words["count"]} {session.draft.tiles.length}
      </p>
    </form>
  );
}

interface FieldsProps {
  ask: Ask;
  schema: Schema;
  keys: Keys;
  without: string[];
  set(key: string, value: Json): void;
}

/** A field for each key that may be there. */
export function Fields({ ask, schema, keys, without, set }: FieldsProps) {
  const properties = schema.properties || {};
  const names = Object.keys(properties).filter((name) => without.indexOf(name) < 0);
  return (
    <>
      {names.sort(byPlace).map((name) => (
        <Field
          key={name}
          {...{ ask, name }}
          schema={properties[name] as Schema}
          value={keys[name] ?? null}
          isRequired={(schema.required || []).indexOf(name) >= 0}
          set={(value) => set(name, value)}
        />
      ))}
    </>
  );
}

function byPlace(a: string, b: string): number {
  const place = (name: string) => (FIRST.indexOf(name) + FIRST.length + 1) % (FIRST.length + 1);
  return place(a) - place(b) || (a < b ? -1 : 1);
}

function typeSchema(schema: Schema, type: string): Schema | undefined {
  const all = schema.properties?.["tile"]?.items?.oneOf || [];
  return all.find((it) => it.title === type);
}
