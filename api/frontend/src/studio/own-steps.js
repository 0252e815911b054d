// Steps that administrators keep: a configured task goes to the server as its BPMN element, and comes back in the menus.
import { ask, asked, setup } from "./page.js";
import { t } from "./translate.js";

const ADDRESS = `${setup.tools}/step-templates`;
const ICONS = {
  "bpmn:UserTask": "user-task", "bpmn:ServiceTask": "service-task", "bpmn:ScriptTask": "script-task", "bpmn:BusinessRuleTask": "business-rule-task",
  "bpmn:SendTask": "send-task", "bpmn:ReceiveTask": "receive-task", "bpmn:ManualTask": "manual-task", "bpmn:CallActivity": "call-activity", "bpmn:Task": "task",
};

// Asked for while the editor is being loaded; read once there is one that knows BPMN.
export const kept = asked(ADDRESS).then((told) => told?.items ?? []);

export async function readInto(steps, moddle, templates) {
  const read = await Promise.all(templates.map((one) => step(moddle, one)));
  steps.push(...read);
}

async function step(moddle, { id, title, kind, content }) {
  const type = `bpmn:${kind[0].toUpperCase()}${kind.slice(1)}`;
  const { rootElement } = await moddle.fromXML(content, type);
  return { id, title, type, icon: `bpmn-icon-${ICONS[type]}`, made: rootElement };
}

export function keepAsTemplate(modeler, steps) {
  const place = document.querySelector("[data-template]");
  const form = place.querySelector("form");
  const status = place.querySelector("[role=status]");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const chosen = modeler.get("selection").get();
    if (chosen.length !== 1 || !ICONS[chosen[0].type]) {
      status.textContent = t("Choose one task in the drawing first.");
      return;
    }
    const json = { title: form.elements.title.value, content: await written(modeler, chosen[0].businessObject) };
    const answer = await ask(ADDRESS, { method: "POST", json }).catch(() => null);
    const told = await answer?.json().catch(() => null);
    if (!answer?.ok || !told) {
      status.textContent = told?.detail ?? t("The server does not answer just now.");
      return;
    }
    await readInto(steps, modeler.get("moddle"), [told]);
    form.reset();
    status.textContent = t("“{title}” stands in the menus “create” and “append” now.", { title: told.title });
  });
}

async function written(modeler, businessObject) {
  const made = modeler.get("moddleCopy").copyElement(businessObject, modeler.get("bpmnFactory").create(businessObject.$type));
  return (await modeler.get("moddle").toXML(made, { preamble: false })).xml;
}
