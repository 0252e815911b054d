// Bundles src/*.js into ../static/dist; the pages ask for the files by name with a fingerprint in the query.
import { build } from "esbuild";

await build({
  entryPoints: ["src/diagram.js"],
  outdir: "../static/dist",
  bundle: true,
  format: "esm",
  target: ["es2020"],
  minify: true,
  legalComments: "linked",
  logLevel: "info",
});
