// The diagram editor: bpmn-js with the house's own properties, checked and saved as one draws.
import "./studio/nonce.js";
import BpmnModeler from "bpmn-js/lib/Modeler";
import { CreateAppendAnythingModule } from "bpmn-js-create-append-anything";
import { BpmnPropertiesPanelModule, BpmnPropertiesProviderModule, ZeebePropertiesProviderModule } from "bpmn-js-properties-panel";
import ZeebeBehaviors from "camunda-bpmn-js-behaviors/lib/camunda-cloud";
import { is } from "bpmn-js/lib/util/ModelUtil";
import MinimapModule from "diagram-js-minimap";
import zeebe from "zeebe-bpmn-moddle/resources/zeebe.json";
import "@bpmn-io/properties-panel/dist/assets/properties-panel.css";
import "bpmn-js/dist/assets/bpmn-font/css/bpmn-embedded.css";
import "bpmn-js/dist/assets/bpmn-js.css";
import "bpmn-js/dist/assets/diagram-js.css";
import "diagram-js-minimap/assets/diagram-js-minimap.css";
import "./studio/studio.css";
import { cannot } from "./studio/cannot.js";
import { extension } from "./studio/extensions.js";
import { evaluateAsTyped } from "./studio/expressions.js";
import { checkAsDrawn } from "./studio/findings.js";
import { keepAsTemplate, kept, readInto } from "./studio/own-steps.js";
import { ask, setup } from "./studio/page.js";
import { houseProperties } from "./studio/properties.js";
import { isDrawn, reader } from "./studio/read.js";
import { changed, keep, load } from "./studio/saving.js";
import { countySteps } from "./studio/steps.js";
import { translateModule, translateWithin } from "./studio/translate.js";
import { readable, whole } from "./studio/whole.js";

const IGNORE = `.cm-editor, .djs-container svg, .bjs-breadcrumbs, [data-findings], [data-expressions], textarea, select, h1,
  .bio-properties-panel-collapsible-entry-header-title, .bio-properties-panel-header-label`;

open().catch(cannot);

async function open() {
  const [original, answer] = await Promise.all([load(), ask(`${setup.api}/words`)]);
  if (!answer.ok) throw new Error(`words: ${answer.status}`);
  const words = await answer.json();
  const own = [];
  const modeler = new BpmnModeler({
    container: "[data-canvas]",
    propertiesPanel: { parent: "[data-properties]" },
    moddleExtensions: { zeebe },
    additionalModules: [
      BpmnPropertiesPanelModule, BpmnPropertiesProviderModule, ZeebePropertiesProviderModule, ZeebeBehaviors,
      CreateAppendAnythingModule, MinimapModule, translateModule, countySteps(own), houseProperties(words), completion(words),
    ],
  });
  translateWithin(document.querySelector("[data-editor]"), { ignore: IGNORE });
  const shown = await withDrawing(original);
  await readInto(own, modeler.get("moddle"), await kept);
  await modeler.importXML(shown);
  readable(modeler.get("canvas"), beginning(modeler), palette());
  window.modeler = modeler;
  const read = await reader(modeler, shown);
  keep(read);
  modeler.on("commandStack.changed", changed);
  checkAsDrawn(modeler, read);
  evaluateAsTyped(modeler);
  buttons(modeler);
  keepAsTemplate(modeler, own);
  if (shown !== original) newlyDrawn(modeler);
  document.querySelector("[data-editor]").dataset.ready = "";
}

const palette = () => document.querySelector(".djs-palette");

// Where the process begins: the start event that is furthest left, in no part of its own.
function beginning(modeler) {
  const outside = ({ type, parent }) => type === "bpmn:StartEvent" && !is(parent, "bpmn:SubProcess");
  return modeler.get("elementRegistry").filter(outside).sort((one, other) => one.x - other.x)[0];
}

// A file that has no drawing is laid out here. What lays it out is loaded only then.
async function withDrawing(original) {
  if (isDrawn(original)) return original;
  const { laidOut } = await import("./studio/layout.js");
  try {
    return (await laidOut(original)) ?? original;
  } catch (error) {
    console.warn(error);
    return original; // it stays a text: `cannot` says so
  }
}

// The drawing is kept with the first change, or when somebody says so.
function newlyDrawn(modeler) {
  const notice = document.querySelector("[data-laid-out]");
  notice.hidden = false;
  notice.querySelector("button").addEventListener("click", changed);
  const done = () => (notice.hidden = true);
  notice.querySelector("button").addEventListener("click", done);
  modeler.on("commandStack.changed", done);
}

// What an expression may name: the variables of the process, the answers of the step's own form, its inputs.
function completion(words) {
  const getVariablesForElement = (businessObject) => {
    const form = extension({ businessObject }, "zeebe:FormDefinition")?.formId;
    const inputs = extension({ businessObject }, "zeebe:IoMapping")?.get("inputParameters") ?? [];
    const names = new Set([
      ...(words.variables[processOf(businessObject)] ?? Object.values(words.variables).flat()),
      ...(words.answers[form] ?? []),
      ...inputs.map((one) => one.target),
    ]);
    return [...names].filter(Boolean).map((name) => ({ name, info: "" }));
  };
  return { variableResolver: ["value", { getVariablesForElement }] };
}

function processOf(businessObject) {
  for (let up = businessObject; up; up = up.$parent) if (up.$type === "bpmn:Process") return up.id;
  return null;
}

function buttons(modeler) {
  const actions = modeler.get("editorActions");
  const canvas = modeler.get("canvas");
  const does = {
    undo: () => actions.trigger("undo"),
    redo: () => actions.trigger("redo"),
    find: () => actions.trigger("find"),
    all: () => whole(canvas, palette()),
    in: () => canvas.zoom(canvas.zoom() * 1.25, "auto"),
    out: () => canvas.zoom(canvas.zoom() / 1.25, "auto"),
    map: () => modeler.get("minimap").toggle(),
    "align-left": () => align(modeler, "left"),
    "align-center": () => align(modeler, "center"),
    "align-top": () => align(modeler, "top"),
    "align-middle": () => align(modeler, "middle"),
    "distribute-horizontal": () => spread(modeler, "horizontal"),
    "distribute-vertical": () => spread(modeler, "vertical"),
  };
  modeler.get("keyboard").addListener(({ keyEvent: { key, ctrlKey, metaKey, altKey } }) => {
    if (ctrlKey || metaKey || altKey || key.toLowerCase() !== "f") return undefined;
    does.all();
    return true;
  });
  for (const button of document.querySelectorAll("[data-does]")) button.addEventListener("click", does[button.dataset.does]);
}

const chosen = (modeler) => modeler.get("selection").get().filter((one) => !one.waypoints && one.parent);

function align(modeler, edge) {
  if (chosen(modeler).length > 1) modeler.get("alignElements").trigger(chosen(modeler), edge);
}

function spread(modeler, direction) {
  if (chosen(modeler).length > 2) modeler.get("distributeElements").trigger(chosen(modeler), direction);
}
