// Bundles src/*.js into ../static/dist; the pages ask for the files by name with a fingerprint in the query.
// What several of them need stands in chunks of its own, whose names change with their content.
import { rmSync } from "node:fs";
import { build } from "esbuild";

rmSync("../static/dist", { recursive: true, force: true });
await build({
  entryPoints: ["diagram", "diagram-editor", "table-editor", "form-editor", "text-editor"].map((name) => `src/${name}.js`),
  outdir: "../static/dist",
  bundle: true,
  splitting: true,
  format: "esm",
  target: ["es2020"],
  minify: true,
  legalComments: "linked",
  logLevel: "info",
  loader: { ".woff": "dataurl", ".woff2": "dataurl", ".ttf": "dataurl", ".eot": "empty", ".svg": "dataurl" },
});
