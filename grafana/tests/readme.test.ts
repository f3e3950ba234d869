// What the page says of the Infinity data source is true of the API's own description.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const HOUSE = new URL("../../", import.meta.url);
const page = readFileSync(new URL("grafana/README.md", HOUSE), "utf8");

interface Schema {
  $ref?: string;
  type?: string;
  items?: Schema;
  properties?: Record<string, Schema>;
  oneOf?: Schema[];
  allOf?: Schema[];
}
const api: {
  paths: Record<
    string,
    {
      get?: {
        parameters?: { name: string }[];
        responses: Record<string, { content: Record<string, { schema: Schema }> }>;
      };
    }
  >;
  components: { schemas: Record<string, Schema> };
} = JSON.parse(readFileSync(new URL("docs/openapi.json", HOUSE), "utf8"));

const whole = (schema: Schema): Schema =>
  schema.$ref ? whole(api.components.schemas[schema.$ref.split("/").at(-1)!]!) : schema;
// What stands under a name, in the schema in one of its cases or parts.
function under(schema: Schema, name: string): Schema | undefined {
  const { properties, oneOf = [], allOf = [] } = whole(schema);
  return properties?.[name] ?? [...oneOf, ...allOf].map((one) => under(one, name)).find((it) => it !== undefined);
}

test("the query for Infinity asks for what the API answers", () => {
  const query = JSON.parse(/```json\n([\s\S]*?)```/.exec(page)![1]!);
  const [path, asked] = query.url.split("?");
  const get = api.paths[path]!.get!;
  for (const [name] of new URLSearchParams(asked))
    assert.ok(
      get.parameters!.some((it) => it.name === name),
      name,
    );
  const list = under(get.responses["200"]!.content["application/json"]!.schema, query.root_selector);
  assert.equal(list?.type, "array", query.root_selector);
  assert.ok(page.includes(`\`${query.root_selector}[kpi in`));
  for (const { selector } of query.columns) {
    const found = (selector as string)
      .split(".")
      .reduce<Schema | undefined>((at, name) => at && under(at, name), list!.items!);
    assert.ok(found, selector);
  }
});

test("the addresses that the page names are in the API", () => {
  for (const [, path] of page.matchAll(/(\/api\/v1\/[a-z]+)/g)) assert.ok(path! in api.paths, path);
});
