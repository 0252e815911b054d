// The expressions of the chosen element with their values for an example, worked out by the server as one types.
import { after, ask, element, setup } from "./page.js";
import { t } from "./translate.js";

const PAUSE = 400;
const KEPT = `example of ${setup.draft}`;
const box = document.querySelector("[data-expressions]");
const example = document.querySelector("[data-example]");

export function evaluateAsTyped(modeler) {
  example.value = sessionStorage.getItem(KEPT) || '{"level": "village", "risk": "BLUE", "category": "D03"}';
  const look = async () => {
    const [chosen] = modeler.get("selection").get();
    const expressions = chosen ? [...new Set(found(chosen.businessObject))] : [];
    if (!expressions.length) {
      box.replaceChildren(element("p", { class: "soft" }, t("Choose an element that has expressions.")));
      return;
    }
    const answer = await ask(`${setup.tools}/expressions`, { method: "POST", json: { expressions, example: example.value } }).catch(() => null);
    const told = await answer?.json().catch(() => null);
    if (answer?.ok && told) box.replaceChildren(...told.items.map(row));
    else box.replaceChildren(element("p", { class: "wrong" }, told?.detail ?? t("The server does not answer just now.")));
  };
  const soon = after(PAUSE, look);
  modeler.on("selection.changed", soon);
  modeler.on("commandStack.changed", soon);
  example.addEventListener("input", () => {
    sessionStorage.setItem(KEPT, example.value);
    soon();
  });
  look();
}

function row(tried) {
  const value = tried.problem ? element("span", { class: "wrong" }, tried.problem) : element("code", {}, tried.value);
  const warnings = tried.warnings.map((one) => element("small", { class: "soft" }, ` ${one}`));
  return element("p", { "data-expression": tried.expression }, element("code", {}, tried.expression), " → ", value, ...warnings);
}

// Every text with a leading = in an element and its parts, and every condition.
function found(part, depth = 0) {
  if (!part || depth > 5) return [];
  if (typeof part === "string") return part.startsWith("=") && part.length > 1 ? [part] : [];
  if (Array.isArray(part)) return part.flatMap((one) => found(one, depth + 1));
  if (!part.$descriptor) return [];
  const inside = part.$descriptor.properties.filter((one) => !one.isReference && !["di", "flowElements", "laneSets"].includes(one.ns.localName));
  return inside.flatMap((one) => found(part.get(one.name), depth + 1));
}
