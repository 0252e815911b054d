// Shows a process diagram with where its instance stands. The table beside it is the source: each row names an
// element, its state and how often it ran, so what the script draws is what a reader without it can read.
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";
import "bpmn-js/dist/assets/diagram-js.css";
import "./diagram.css";

const STEP = 1.25;

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
  for (const row of rows) mark(viewer, row);
  fit(viewer, rows);
  buttons(figure, viewer, rows);
}

function mark(viewer, row) {
  const { element: id, state, count, name } = row.dataset;
  const element = viewer.get("elementRegistry").get(id);
  if (!element) return;
  rename(viewer, element, name);
  viewer.get("canvas").addMarker(id, `is-${state}`);
  if (Number(count) > 1 || state === "active") {
    viewer.get("overlays").add(id, { position: { top: -10, right: 14 }, html: badge(state, count) });
  }
  const locate = row.querySelector("[data-locate]");
  if (locate) locate.hidden = false;
  locate?.addEventListener("click", () => spotlight(viewer, element));
}

// Diagrams carry Chinese names; the table has the reader's.
function rename(viewer, element, name) {
  const model = element.businessObject;
  if (!name || !model.name || model.name === name) return;
  model.name = name;
  const registry = viewer.get("elementRegistry");
  const shown = element.label ?? element;
  const drawn = registry.getGraphics(shown);
  viewer.get("graphicsFactory").update("shape", shown, drawn);
}

function badge(state, count) {
  const element = document.createElement("span");
  element.className = `diagram-badge is-${state}`;
  element.textContent = count;
  return element;
}

function spotlight(viewer, element) {
  const canvas = viewer.get("canvas");
  canvas.scrollToElement(element, 80);
  canvas.addMarker(element.id, "is-spotlit");
  setTimeout(() => canvas.removeMarker(element.id, "is-spotlit"), 2400);
  canvas.getContainer().scrollIntoView({ block: "center", behavior: "smooth" });
}

// The whole diagram where it can be read; else the part where it stands now, at a size that can.
function fit(viewer, rows) {
  const canvas = viewer.get("canvas");
  canvas.zoom("fit-viewport", "auto");
  const current = [...rows].find((row) => row.dataset.state === "active");
  const element = current && viewer.get("elementRegistry").get(current.dataset.element);
  if (canvas.zoom() >= 0.5 || !element) return;
  canvas.zoom(0.7);
  const box = canvas.viewbox();
  canvas.viewbox({
    x: element.x + element.width / 2 - box.width / 2,
    y: element.y + element.height / 2 - box.height / 2,
    width: box.width,
    height: box.height,
  });
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
