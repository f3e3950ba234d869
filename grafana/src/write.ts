// `npm run dashboards`: writes grafana/dashboards anew. Removes files there that no dashboard makes.

import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";

import { files } from "./all.ts";

const FOLDER = new URL("../dashboards/", import.meta.url);

mkdirSync(FOLDER, { recursive: true });
const made = files();
for (const old of readdirSync(FOLDER)) if (!made.has(old)) rmSync(new URL(old, FOLDER));
for (const [name, text] of made) writeFileSync(new URL(name, FOLDER), text);
