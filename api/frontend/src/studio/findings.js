// What is wrong, while one draws: the checker's findings from the server and lint in the browser, on the elements and in
// a list whose entries lead to them.
import { Linter } from "bpmnlint";
import { lintConfig, resolver } from "./lint.js";
import { after, asked, element, setup } from "./page.js";
import { t } from "./translate.js";

const PAUSE = 700;
const list = document.querySelector("[data-findings]");
const summary = document.querySelector("[data-findings-summary]");

export function checkAsDrawn(modeler, read) {
  let round = 0;
  let before = "";
  const look = async () => {
    const mine = ++round;
    const content = await read();
    if (content === before) return;
    before = content;
    // A linter of its own each time: rules remember what they saw.
    const [told, lint] = await Promise.all([
      asked(`${setup.api}/findings`, { name: setup.name, content }),
      new Linter({ config: lintConfig, resolver }).lint(modeler.getDefinitions()),
    ]);
    if (mine !== round) return;
    if (!told) {
      before = "";
      summary.textContent = t("The checker does not answer just now.");
      return;
    }
    show(modeler, [...told.items, ...linted(lint).filter((one) => !isConnected(modeler, one))]);
  };
  const soon = after(PAUSE, look);
  modeler.on("commandStack.changed", soon);
  look();
}

// Lint goes by `incoming` and `outgoing` in the file, which many tools leave out; the drawing knows better.
function isConnected(modeler, { rule, element_id: id }) {
  const element = rule === "no-disconnected" && modeler.get("elementRegistry").get(id);
  return Boolean(element && (element.incoming.length || element.outgoing.length));
}

function linted(reports) {
  return Object.entries(reports).flatMap(([rule, found]) =>
    found.map((one) => ({ severity: "lint", rule, message: t(one.message), hint: "", element_id: one.id, file: setup.name })),
  );
}

function show(modeler, findings) {
  const overlays = modeler.get("overlays");
  const registry = modeler.get("elementRegistry");
  overlays.remove({ type: "finding" });
  const here = findings.filter((one) => one.file === setup.name || !one.file);
  const elsewhere = findings.filter((one) => one.file && one.file !== setup.name);
  const worst = new Map();
  for (const one of here) {
    if (!registry.get(one.element_id)) continue;
    const known = worst.get(one.element_id) ?? [];
    worst.set(one.element_id, [...known, one]);
  }
  for (const [id, found] of worst) {
    const kind = ["error", "warning", "lint"].find((severity) => found.some((one) => one.severity === severity));
    const html = element("span", { class: `finding-mark is-${kind}`, title: found.map((one) => one.message).join("\n") }, String(found.length));
    overlays.add(id, "finding", { position: { top: -10, left: -10 }, html });
  }
  const errors = findings.filter((one) => one.severity === "error").length;
  const notes = findings.filter((one) => one.severity === "warning").length;
  summary.textContent = errors || notes ? t("{errors} errors, {notes} notes", { errors, notes }) : t("It would run as it is drawn.");
  list.replaceChildren(...[...here, ...elsewhere].map((one) => entry(modeler, registry, one)));
}

function entry(modeler, registry, one) {
  const target = registry.get(one.element_id);
  const kind = { error: t("Error"), warning: t("Note"), lint: t("Style") }[one.severity];
  const name = target?.businessObject?.name || one.element_id || one.file || "";
  const words = [element("strong", {}, kind), ` ${name}: ${one.message} ${one.hint}`];
  const inside = target
    ? element("button", { type: "button", class: "finding", onclick: () => jump(modeler, target) }, ...words)
    : element("span", { class: "finding" }, ...words);
  return element("li", { class: one.severity, "data-rule": one.rule, "data-element": one.element_id ?? "" }, inside);
}

export function jump(modeler, target) {
  modeler.get("canvas").scrollToElement(target);
  if (modeler.get("selection")) modeler.get("selection").select(target);
  document.querySelector("[data-canvas]").scrollIntoView({ block: "nearest" });
}
