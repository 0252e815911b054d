// Draws a file that has no drawing. Only the drawing goes into the file, and an id for every flow that has none: a line
// must say what it draws.
import { layoutProcess } from "bpmn-auto-layout";
import { parsed, written } from "./merge.js";

const BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL";
const DI = "http://www.omg.org/spec/BPMN/20100524/DI";
const NODE = /^(?:task|.+Task|.+Event|.+Gateway|callActivity|transaction|subProcess|adHocSubProcess)$/;

// The file with its drawing; null where it could not be drawn in full.
export async function laidOut(original) {
  const file = parsed(original);
  const flows = [...file.getElementsByTagNameNS(BPMN, "sequenceFlow")];
  identify(file, flows);
  const drawing = await draw(file, flows);
  if (!drawing || !covers(drawing, file, flows)) return null;
  for (const empty of [...file.getElementsByTagNameNS(DI, "BPMNDiagram")]) empty.remove();
  const after = [...file.documentElement.children].find((one) => one.localName === "relationship");
  file.documentElement.insertBefore(file.importNode(drawing, true), after ?? null);
  return written(file, original);
}

function identify(file, flows) {
  const known = new Set([...file.querySelectorAll("[id]")].map((one) => one.id));
  let number = 0;
  for (const flow of flows.filter((one) => !one.getAttribute("id"))) {
    do number += 1; while (known.has(`Flow_${number}`));
    flow.setAttribute("id", `Flow_${number}`);
  }
}

// The layout goes from step to step by `incoming` and `outgoing`, which many tools leave out: a copy gets them.
async function draw(file, flows) {
  const copy = file.cloneNode(true);
  for (const old of copy.querySelectorAll("incoming, outgoing")) old.remove();
  for (const flow of flows) {
    tell(copy, flow.getAttribute("sourceRef"), "outgoing", flow);
    tell(copy, flow.getAttribute("targetRef"), "incoming", flow);
  }
  for (const old of [...copy.getElementsByTagNameNS(DI, "BPMNDiagram")]) old.remove();
  const drawn = parsed(await layoutProcess(new XMLSerializer().serializeToString(copy)));
  return drawn.getElementsByTagNameNS(DI, "BPMNDiagram")[0];
}

function tell(copy, id, word, flow) {
  const node = [...copy.getElementsByTagNameNS(BPMN, "*")].find((one) => one.getAttribute("id") === id);
  const told = copy.createElementNS(BPMN, node?.prefix ? `${node.prefix}:${word}` : word);
  told.textContent = flow.getAttribute("id");
  node?.append(told);
}

function covers(drawing, file, flows) {
  const shown = new Set([...drawing.getElementsByTagName("*")].map((one) => one.getAttribute("bpmnElement")));
  const nodes = [...file.getElementsByTagNameNS(BPMN, "*")].filter((one) => NODE.test(one.localName) && one.closest("process"));
  return nodes.length > 0 && [...nodes, ...flows].every((one) => shown.has(one.getAttribute("id")));
}
