// The bench of a decision: inputs as fields, the rules that hold marked in the table, what comes out.
import { after, ask, element, setup } from "./page.js";
import { t } from "./translate.js";

const PAUSE = 400;
const fields = document.querySelector("[data-bench-inputs]");
const result = document.querySelector("[data-bench-result]");
const canvas = document.querySelector("[data-canvas]");
const given = {};

export function bench(modeler, read) {
  const look = async () => {
    const decision = modeler.getActiveView()?.element;
    if (decision?.$type !== "dmn:Decision") {
      result.textContent = t("Open a decision to try it.");
      return fields.replaceChildren();
    }
    ask_for(inputs(modeler, decision), soon);
    const example = `{${Object.entries(given).filter(([, value]) => value.trim()).map(([name, value]) => `${JSON.stringify(name)}: ${literal(value)}`)}}`;
    const asked = { content: await read(), decision: decision.id, example };
    const answer = await ask(`${setup.tools}/decisions`, { method: "POST", json: asked }).catch(() => null);
    const told = await answer?.json().catch(() => null);
    if (answer?.ok && told) return say(told.value, told);
    marked(new Set());
    return result.replaceChildren(element("p", { class: "wrong" }, told?.detail ?? t("The server does not answer just now.")));
  };
  const soon = after(PAUSE, look);
  return soon;
}

// The words that the inputs of a decision ask for, and those of decisions that it requires.
function inputs(modeler, decision, known = new Set()) {
  const logic = decision.decisionLogic;
  const own = (logic?.input ?? []).map((one) => one.inputExpression?.text ?? "");
  const required = (decision.informationRequirement ?? []).flatMap((one) => {
    const id = (one.requiredDecision ?? one.requiredInput)?.href.replace(/.*#/, "");
    const target = modeler.getDefinitions().drgElement.find((part) => part.id === id);
    if (!target || known.has(id)) return [];
    known.add(id);
    return target.$type === "dmn:Decision" ? inputs(modeler, target, known) : [target.variable?.name || target.name];
  });
  const decided = new Set(modeler.getDefinitions().drgElement.filter((one) => one.$type === "dmn:Decision").flatMap((one) => [one.name, one.variable?.name]));
  return [...new Set([...required, ...own.filter((one) => /^[\p{L}_][\p{L}\p{N}_]*$/u.test(one))])].filter((name) => !decided.has(name));
}

function ask_for(names, soon) {
  if (fields.dataset.names === names.join()) return;
  fields.dataset.names = names.join();
  fields.replaceChildren(
    ...names.map((name) => {
      const box = element("input", { class: "input", id: `bench-${name}`, name, value: given[name] ?? "", autocomplete: "off" });
      box.addEventListener("input", () => {
        given[name] = box.value;
        soon();
      });
      return element("div", {}, element("label", { class: "label", for: `bench-${name}` }, name), box);
    }),
  );
}

// What stands there as JSON if it is some, else as a text.
function literal(value) {
  try {
    JSON.parse(value);
    return value;
  } catch {
    return JSON.stringify(value);
  }
}

function marked(held) {
  for (const cell of canvas.querySelectorAll("[data-row-id]")) cell.classList.toggle("holds", held.has(cell.dataset.rowId));
}

function say(value, { fired = {}, warnings = [] }) {
  const held = new Set(Object.values(fired).flat());
  marked(held);
  result.replaceChildren(
    element("p", {}, `${t("Result")}: `, element("code", { "data-value": "" }, value)),
    element("p", { class: "soft" }, held.size ? `${t("Rules that hold")}: ${[...held].join(", ")}` : t("No rule holds.")),
    ...[...new Set(warnings)].map((one) => element("p", { class: "soft" }, one)),
  );
}
