// The steps that a county draws again and again, ready in the palette and in the menus “create” and “append”.
import { createExtensions } from "./extensions.js";
import { t } from "./translate.js";

const STEPS = [
  {
    id: "task", title: "Task with form and role", icon: "bpmn-icon-user-task", type: "bpmn:UserTask",
    holds: (moddle) => [
      moddle.create("zeebe:FormDefinition", { formId: "" }),
      moddle.create("zeebe:AssignmentDefinition", { candidateGroups: "duty_officer" }),
    ],
  },
  {
    id: "task-deadline", title: "Task with form, role and a timer that warns", icon: "bpmn-icon-intermediate-event-catch-non-interrupting-timer",
    type: "bpmn:UserTask", timer: "P7D",
    holds: (moddle) => [
      moddle.create("zeebe:FormDefinition", { formId: "" }),
      moddle.create("zeebe:AssignmentDefinition", { candidateGroups: "duty_officer" }),
    ],
  },
  {
    id: "hand-over", title: "Hand over to another process", icon: "bpmn-icon-call-activity", type: "bpmn:CallActivity",
    holds: (moddle) => [moddle.create("zeebe:CalledElement", { processId: "police-handover", propagateAllChildVariables: false })],
  },
  {
    id: "table", title: "Ask a decision table", icon: "bpmn-icon-business-rule", type: "bpmn:BusinessRuleTask",
    holds: (moddle) => [moddle.create("zeebe:CalledDecision", { decisionId: "", resultVariable: "proposal" })],
  },
  {
    id: "warn", title: "Remind of a deadline", icon: "bpmn-icon-service-task", type: "bpmn:ServiceTask",
    holds: (moddle) => [
      moddle.create("zeebe:TaskDefinition", { type: "deadline.warn" }),
      moddle.create("zeebe:IoMapping", { inputParameters: [moddle.create("zeebe:Input", { source: "pm.soft", target: "deadline" })] }),
    ],
  },
  {
    id: "close", title: "Close the case", icon: "bpmn-icon-service-task", type: "bpmn:ServiceTask",
    holds: (moddle) => [
      moddle.create("zeebe:TaskDefinition", { type: "case.close" }),
      moddle.create("zeebe:IoMapping", { inputParameters: [moddle.create("zeebe:Input", { source: "settled", target: "reason" })] }),
    ],
  },
];

class Steps {
  static $inject = ["palette", "popupMenu", "create", "autoPlace", "elementFactory", "bpmnFactory", "moddle", "modeling", "moddleCopy", "ownSteps"];

  constructor(palette, popupMenu, create, autoPlace, elementFactory, bpmnFactory, moddle, modeling, moddleCopy, ownSteps) {
    Object.assign(this, { create, autoPlace, elementFactory, bpmnFactory, moddle, modeling, moddleCopy, ownSteps });
    palette.registerProvider(500, this);
    popupMenu.registerProvider("bpmn-create", 500, { getPopupMenuEntries: () => this.menu() });
    popupMenu.registerProvider("bpmn-append", 500, { getPopupMenuEntries: (target) => this.menu(target) });
  }

  getPaletteEntries() {
    return Object.fromEntries(
      STEPS.slice(0, 2).map((step) => {
        const begin = (event) => this.begin(event, step);
        return [`county-${step.id}`, { group: "county", className: step.icon, title: t(step.title), action: { dragstart: begin, click: begin } }];
      }),
    );
  }

  menu(target) {
    const group = { id: "county", name: t("Steps of a county") };
    return (entries) => ({
      ...Object.fromEntries(
        [...STEPS, ...this.ownSteps].map((step) => {
          const begin = (event) => this.begin(event, step);
          const click = target ? () => this.append(target, step) : begin;
          return [`county-${step.id}`, { label: step.made ? step.title : t(step.title), className: step.icon, group, action: { click, dragstart: begin } }];
        }),
      ),
      ...entries,
    });
  }

  shape(step) {
    if (step.made) {
      const businessObject = this.moddleCopy.copyElement(step.made, this.bpmnFactory.create(step.type));
      return this.elementFactory.createShape({ type: step.type, businessObject });
    }
    const businessObject = this.bpmnFactory.create(step.type, { name: t(step.title) });
    businessObject.extensionElements = createExtensions(this.moddle, businessObject, step.holds(this.moddle));
    return this.elementFactory.createShape({ type: step.type, businessObject });
  }

  timer(step) {
    const timeDuration = this.bpmnFactory.create("bpmn:FormalExpression", { body: step.timer });
    const definition = this.bpmnFactory.create("bpmn:TimerEventDefinition", { timeDuration });
    timeDuration.$parent = definition;
    const businessObject = this.bpmnFactory.create("bpmn:BoundaryEvent", { cancelActivity: false, eventDefinitions: [definition] });
    definition.$parent = businessObject;
    return this.elementFactory.createShape({ type: "bpmn:BoundaryEvent", businessObject });
  }

  begin(event, step) {
    const shape = this.shape(step);
    if (!step.timer) return this.create.start(event, shape);
    const timer = this.timer(step);
    Object.assign(timer, { x: shape.width - 38, y: shape.height - 18, host: shape });
    Object.assign(shape, { x: 0, y: 0 });
    return this.create.start(event, [shape, timer]);
  }

  append(target, step) {
    const placed = this.autoPlace.append(target, this.shape(step));
    if (!step.timer) return;
    const corner = { x: placed.x + placed.width - 20, y: placed.y + placed.height };
    this.modeling.createShape(this.timer(step), corner, placed, { attach: true });
  }
}

// `own` are the steps that administrators have kept; more may come in while one draws.
export const countySteps = (own) => ({ __init__: ["countySteps"], countySteps: ["type", Steps], ownSteps: ["value", own] });
