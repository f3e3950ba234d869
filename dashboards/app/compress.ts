// What both builds do at their end.
import { readFileSync, writeFileSync } from "node:fs";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import type { Plugin } from "vite";

/** Writes each text file compressed beside itself, once and as well as can be: the server only picks one. */
export function compress(): Plugin {
  return {
    name: "tablica-compress",
    writeBundle({ dir }, bundle) {
      for (const name of Object.keys(bundle).filter((it) => /\.(html|js|css)$/.test(it))) {
        const bytes = readFileSync(`${dir}/${name}`);
        const best = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } };
        writeFileSync(`${dir}/${name}.gz`, gzipSync(bytes, { level: constants.Z_BEST_COMPRESSION }));
        writeFileSync(`${dir}/${name}.br`, brotliCompressSync(bytes, best));
      }
    },
  };
}
