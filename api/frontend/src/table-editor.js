// The editor of decision models: dmn-js, with a bench on which inputs show which rules hold, and what they leave open.
import "./studio/nonce.js";
import DmnModeler from "dmn-js/lib/Modeler";
import "dmn-js/dist/assets/diagram-js.css";
import "dmn-js/dist/assets/dmn-font/css/dmn-embedded.css";
import "dmn-js/dist/assets/dmn-js-boxed-expression-controls.css";
import "dmn-js/dist/assets/dmn-js-boxed-expression.css";
import "dmn-js/dist/assets/dmn-js-decision-table-controls.css";
import "dmn-js/dist/assets/dmn-js-decision-table.css";
import "dmn-js/dist/assets/dmn-js-drd.css";
import "dmn-js/dist/assets/dmn-js-literal-expression.css";
import "dmn-js/dist/assets/dmn-js-shared.css";
import "./studio/studio.css";
import { bench } from "./studio/bench.js";
import { cannot } from "./studio/cannot.js";
import { findingsOf } from "./studio/check-text.js";
import { reader } from "./studio/read.js";
import { changed, keep, load } from "./studio/saving.js";
import { t, translateModule, translateWithin } from "./studio/translate.js";
import { whole } from "./studio/whole.js";

const VIEWS = ["drd", "decisionTable", "literalExpression", "boxedExpression"];
const IGNORE = "h1, [data-findings], [data-views], [data-bench-inputs], [data-bench-result], .dmn-definitions, .content-editable, .cm-editor, .decision-table-name, textarea, .djs-visual, td, th.input-cell > :not(.dmn-icon-drag), th.output-cell > :not(.dmn-icon-drag)";

open().catch(cannot);

async function open() {
  const original = await load();
  const translated = Object.fromEntries(VIEWS.map((view) => [view, { additionalModules: [translateModule] }]));
  const modeler = new DmnModeler({ container: "[data-canvas]", ...translated });
  translateWithin(document.querySelector("[data-editor]"), { ignore: IGNORE });
  await modeler.importXML(original);
  window.modeler = modeler;
  const read = await reader(modeler, original);
  keep(read);
  const check = findingsOf(read);
  const tried = bench(modeler, read);
  const listened = new Set();
  const listen = () => {
    const viewer = modeler.getActiveViewer();
    if (!viewer || listened.has(viewer)) return;
    listened.add(viewer);
    viewer.on("commandStack.changed", () => {
      changed();
      check();
      tried();
    });
  };
  modeler.on("views.changed", () => {
    listen();
    graph(modeler);
    tabs(modeler);
    tried();
  });
  const tables = modeler.getViews().filter((view) => view.type === "decisionTable");
  if (tables.length === 1) await modeler.open(tables[0]);
  listen();
  graph(modeler);
  tabs(modeler);
  tried();
  document.querySelector("[data-editor]").dataset.ready = "";
}

function graph(modeler) {
  if (modeler.getActiveView()?.type !== "drd") return;
  whole(modeler.getActiveViewer().get("canvas"), ...document.querySelectorAll(".djs-palette, .dmn-definitions"));
}

function tabs(modeler) {
  const list = document.querySelector("[data-views]");
  const active = modeler.getActiveView();
  list.replaceChildren(
    ...modeler.getViews().map((view) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button quiet";
      button.textContent = view.type === "drd" ? t("All decisions") : view.name || view.id;
      if (view.element === active?.element) button.setAttribute("aria-current", "true");
      button.addEventListener("click", () => modeler.open(view));
      return button;
    }),
  );
}
