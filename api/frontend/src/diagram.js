// Shows a process diagram with where its instance stands. The table beside it is the source: each row names an
// element, its state and how often it ran, so what the script draws is what a reader without it can read.
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";
import "bpmn-js/dist/assets/diagram-js.css";
import "./diagram.css";

const STEP = 1.25;
const READABLE = 0.7;
const LABEL = 84;

for (const figure of document.querySelectorAll("[data-diagram]")) {
  show(figure).catch((error) => {
    console.error(error);
    figure.querySelector("[data-diagram-failed]").hidden = false;
    figure.querySelector("[data-diagram-canvas]").hidden = true;
  });
}

async function show(figure) {
  const answer = await fetch(figure.dataset.diagram, { credentials: "same-origin" });
  if (!answer.ok) throw new Error(`diagram: ${answer.status}`);
  figure.hidden = false;
  const viewer = new NavigatedViewer({ container: figure.querySelector("[data-diagram-canvas]") });
  await viewer.importXML(await answer.text());
  const rows = document.querySelectorAll(`#${figure.dataset.table} [data-element]`);
  rename(viewer, JSON.parse(figure.dataset.labels || "{}"));
  for (const row of rows) mark(viewer, row);
  fit(viewer, rows);
  buttons(figure, viewer, rows);
  viewer.get("eventBus").on("element.click", ({ element }) => pressed(figure, rows, element.labelTarget ?? element));
}

// Pressing an element does what its row offers: follows the link in it, or is the answer to the question asked last.
function pressed(figure, rows, element) {
  const { picks } = figure.dataset;
  if (picks) return answer(document.getElementById(picks), element.id);
  const row = [...rows].find((one) => one.dataset.element === element.id);
  row?.querySelector("a[href]")?.click();
}

function answer(table, id) {
  const asked = [...table.querySelectorAll("select")];
  const select = asked.find((one) => one === table.asked) ?? asked[0];
  if (!select || ![...select.options].some((one) => one.value === id)) return;
  select.value = id;
  select.scrollIntoView({ block: "nearest" });
}

document.addEventListener("focusin", ({ target }) => {
  const table = target.closest?.("table");
  if (table && target.matches("select")) table.asked = target;
});

function mark(viewer, row) {
  const { element: id, state, count, failed, badge: says } = row.dataset;
  const element = viewer.get("elementRegistry").get(id);
  if (!element || !state) return;
  viewer.get("canvas").addMarker(id, `is-${state}`);
  if (row.querySelector("a[href]")) viewer.get("canvas").addMarker(id, "leads-on");
  if (Number(failed) > 0) overlay(viewer, element, { bottom: 12, left: -10 }, badge("failed", failed));
  if (says) overlay(viewer, element, { top: -16, left: 4 }, badge(state, says));
  else if (Number(count) > 1 || state === "active") {
    // At the upper corner, or at the lower one where the name of a gateway or an event stands above it.
    const corner = element.label?.y < element.y ? { bottom: 12, right: 14 } : { top: -10, right: 14 };
    viewer.get("overlays").add(id, { position: corner, html: badge(state, count) });
  }
}

function overlay(viewer, element, position, html) {
  viewer.get("overlays").add(element.id, { position, html });
}

// Diagrams carry Chinese names; readers of English bring theirs, by id.
function rename(viewer, labels) {
  const registry = viewer.get("elementRegistry");
  const factory = viewer.get("graphicsFactory");
  for (const [id, name] of Object.entries(labels)) {
    const element = registry.get(id);
    if (!element?.businessObject.name) continue;
    element.businessObject.name = name;
    const shown = element.label ?? element;
    if (element.label) widen(element.label);
    factory.update(shown.waypoints ? "connection" : "shape", shown, registry.getGraphics(shown));
  }
}

// The drawing leaves a name as much room as its Chinese needs; an English word would be torn apart in it.
function widen(label) {
  const more = Math.max(0, LABEL - label.width);
  label.x -= more / 2;
  label.width += more;
}

function badge(state, count) {
  const element = document.createElement("span");
  element.className = `diagram-badge is-${state}`;
  element.textContent = count;
  return element;
}

// The whole diagram where it can be read; else the part where it stands now or has ended, at a size that can.
function fit(viewer, rows) {
  const canvas = viewer.get("canvas");
  canvas.zoom("fit-viewport", "auto");
  const element = current(viewer, rows);
  if (canvas.zoom() >= READABLE || !element) return;
  canvas.zoom(READABLE);
  const box = canvas.viewbox();
  canvas.viewbox({
    x: around(element.x + element.width / 2, box.width, box.inner.x, box.inner.width),
    y: around(element.y + element.height / 2, box.height, box.inner.y, box.inner.height),
    width: box.width,
    height: box.height,
  });
}

// Where a window of a length begins so that a point is in its middle, but nothing beyond the drawing is shown.
function around(middle, length, start, whole) {
  if (length >= whole) return start - (length - whole) / 2;
  return Math.max(start, Math.min(middle - length / 2, start + whole - length));
}

function current(viewer, rows) {
  const registry = viewer.get("elementRegistry");
  const of = (state) => [...rows].filter((row) => row.dataset.state === state);
  const at = (state) => of(state).map((row) => registry.get(row.dataset.element)).filter(Boolean);
  const [active] = at("active");
  return active ?? at("done").reduce((last, one) => (last && last.x > one.x ? last : one), null) ?? beginning(registry);
}

// Where nothing runs, one begins to read at the start event.
function beginning(registry) {
  const starts = registry.filter(({ type, parent }) => type === "bpmn:StartEvent" && !/SubProcess|Transaction/.test(parent.type));
  return starts.sort((one, other) => one.x - other.x)[0];
}

function buttons(figure, viewer, rows) {
  const canvas = viewer.get("canvas");
  const actions = {
    in: () => canvas.zoom(canvas.zoom() * STEP, "auto"),
    out: () => canvas.zoom(canvas.zoom() / STEP, "auto"),
    all: () => canvas.zoom("fit-viewport", "auto"),
    now: () => fit(viewer, rows),
  };
  for (const button of figure.querySelectorAll("[data-zoom]")) {
    button.addEventListener("click", actions[button.dataset.zoom]);
  }
}
