// What is bundled, and how.
import { readFile } from "node:fs/promises";

// The properties panel's file holds the panel of Camunda 7 too, which nobody here asks for; this line alone keeps it in.
const ELSEWHERE = /^CamundaPlatformPropertiesProvider\.\$inject = .*$/m;
const withoutElsewhere = {
  name: "without Camunda 7",
  setup({ onLoad }) {
    onLoad({ filter: /bpmn-js-properties-panel.dist.index\.esm\.js$/ }, async ({ path }) => ({
      contents: (await readFile(path, "utf8")).replace(ELSEWHERE, ""),
    }));
  },
};

export const options = {
  entryPoints: ["diagram", "diagram-editor", "table-editor", "form-editor", "text-editor"].map((name) => `src/${name}.js`),
  outdir: "../static/dist",
  bundle: true,
  splitting: true,
  format: "esm",
  target: ["es2020"],
  minify: true,
  legalComments: "linked",
  alias: { "@camunda/feel-builtins": "./src/studio/functions.js" }, // our functions instead: see there
  loader: { ".md": "text", ".woff": "dataurl", ".woff2": "dataurl", ".ttf": "dataurl", ".eot": "empty", ".svg": "dataurl" },
  plugins: [withoutElsewhere],
};
