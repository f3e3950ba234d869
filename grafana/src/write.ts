// `npm run build`: writes what is made from code anew. Removes dashboards that no page makes any more.

import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";

import { files } from "./all.ts";

const ROOT = new URL("../", import.meta.url);

const made = files();
mkdirSync(new URL("dashboards/", ROOT), { recursive: true });
for (const old of readdirSync(new URL("dashboards/", ROOT))) {
  if (!made.has(`dashboards/${old}`)) rmSync(new URL(`dashboards/${old}`, ROOT));
}
for (const [name, text] of made) writeFileSync(new URL(name, ROOT), text);
