// Bundles src/*.js into ../static/dist; the pages ask for the files by name with a fingerprint in the query.
// What several of them need stands in chunks of its own, whose names change with their content.
import { rmSync } from "node:fs";
import { build } from "esbuild";
import { options } from "./bundles.mjs";

rmSync("../static/dist", { recursive: true, force: true });
await build({ ...options, logLevel: "info" });
