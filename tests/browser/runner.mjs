// Runs named scenarios against a server, with somebody on standard input who does what an operator
// would: a line "ASK what…" is printed, and a line comes back when it is done.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { launch, openWall } from "./browser.mjs";

/** Ends the process with the line 'N passed, N failed' and a code other than 0 when something failed. */
export async function runAll(scenarios) {
  const { values } = parseArgs({ options: { base: { type: "string" }, screenshots: { type: "string" } }, strict: false });
  if (values.screenshots) mkdirSync(values.screenshots, { recursive: true });
  const answers = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  const browser = await launch();
  const stage = {
    base: values.base,
    open: (board, more = {}) => openWall(browser, { base: values.base, board, ...more }),
    picture: async (page, name) => {
      if (values.screenshots) await page.screenshot({ path: join(values.screenshots, `${name}.png`) });
    },
    ask: async (what) => {
      console.log(`ASK ${what}`);
      if ((await answers.next()).done) throw new Error(`standard input ended instead of an answer to ${what}`);
    },
  };
  await play(scenarios, stage, browser);
}

/** Plays scenarios one after the other, then ends the process: see {@link runAll}. */
export async function play(scenarios, stage, browser) {
  let passed = 0;
  let failed = 0;
  for (const scenario of scenarios) {
    try {
      await scenario.run(stage);
      passed += 1;
      console.log(`ok      ${scenario.name}`);
    } catch (error) {
      failed += 1;
      console.log(`FAILED  ${scenario.name}\n        ${error.message}`);
    }
  }
  await browser.close();
  console.log(`${passed} passed, ${failed} failed`);
  process.exit(failed > 0 ? 1 : 0);
}

export function expect(holds, otherwise) {
  if (!holds) throw new Error(otherwise);
}
