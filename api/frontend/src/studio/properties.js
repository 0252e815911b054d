// The part of the properties panel that is this house's: who does a step with which form, what it calls, until when.
import { Group, SelectEntry, TextFieldEntry, isSelectEntryEdited, isTextFieldEntryEdited } from "@bpmn-io/properties-panel";
import { useService } from "bpmn-js-properties-panel";
import { is, isAny } from "bpmn-js/lib/util/ModelUtil";
import { extension, input, property, write, writeInput, writeProperty } from "./extensions.js";
import { t } from "./translate.js";

const LEVEL = '=[level + "_mediator"]';
const REPLACED = new Set([
  "form", "calledDecision", "calledElement", "taskDefinition", "userTaskImplementation", "businessRuleImplementation",
  "headers", "Zeebe__ExecutionListeners", "Zeebe__TaskListeners",
]);
const OPERATED = ["bpmn:ServiceTask", "bpmn:SendTask"];
const DATED = ["bpmn:Activity", "bpmn:Event"];

export function houseProperties(words) {
  class HouseProperties {
    static $inject = ["propertiesPanel", "injector"];

    constructor(propertiesPanel, injector) {
      this.injector = injector;
      propertiesPanel.registerProvider(200, this);
    }

    getGroups(element) {
      return (groups) => {
        const entries = entriesOf(element, words, this.injector);
        const house = { id: "house", label: t("In this house"), component: Group, shouldOpen: true, entries };
        const others = groups.filter((group) => !REPLACED.has(group.id));
        const [general, ...rest] = others;
        return entries.length ? [general, house, ...rest].filter(Boolean) : others;
      };
    }
  }
  return { __init__: ["houseProperties"], houseProperties: ["type", HouseProperties] };
}

function entriesOf(element, words, injector) {
  if (element.type === "label") return [];
  return [
    ...(is(element, "bpmn:UserTask") ? userTask(element, words, injector) : []),
    ...(isAny(element, OPERATED) ? operation(element, words, injector) : []),
    ...(is(element, "bpmn:BusinessRuleTask") ? decision(element, words, injector) : []),
    ...(is(element, "bpmn:CallActivity") ? call(element, words, injector) : []),
    ...(isAny(element, DATED) ? deadline(element, words, injector) : []),
  ];
}

function userTask(element, words, injector) {
  const role = () => extension(element, "zeebe:AssignmentDefinition")?.candidateGroups ?? "";
  const form = () => extension(element, "zeebe:FormDefinition")?.formId ?? "";
  const others = injector.get("elementRegistry").filter((one) => is(one, "bpmn:UserTask") && one !== element);
  return [
    select("house-form", t("Form"), {
      element,
      value: form,
      choices: options(words.forms, form()),
      set: (formId) => write(injector, element, "zeebe:FormDefinition", formId ? { formId } : null),
    }),
    select("house-role", t("Who does it"), {
      element,
      value: role,
      choices: [...options(words.roles, ""), { value: LEVEL, label: t("Mediators of the level where the case is") }].concat(
        role() && role() !== LEVEL && !words.roles.some((one) => one.key === role()) ? [{ value: role(), label: role() }] : [],
      ),
      set: (candidateGroups) => assign(injector, element, candidateGroups),
    }),
    text("house-roles", t("Several roles, or an expression"), {
      element,
      value: role,
      set: (candidateGroups) => assign(injector, element, candidateGroups),
    }),
    select("house-separate", t("Another person than who did"), {
      element,
      value: () => property(element, "hejie.separate_from"),
      choices: [{ value: "", label: t("(nobody in particular)") }].concat(
        others.map((one) => ({ value: one.id, label: one.businessObject.name || one.id })),
      ),
      set: (value) => writeProperty(injector, element, "hejie.separate_from", value),
    }),
    text("house-lays", t("Completed forms they may read, though the case is not theirs"), {
      element,
      value: () => property(element, "hejie.lays"),
      set: (value) => writeProperty(injector, element, "hejie.lays", value),
    }),
  ];
}

function assign(injector, element, candidateGroups) {
  const now = extension(element, "zeebe:AssignmentDefinition");
  const rest = now && (now.assignee || now.candidateUsers);
  write(injector, element, "zeebe:AssignmentDefinition", candidateGroups || rest ? { candidateGroups: candidateGroups || undefined } : null);
}

function operation(element, words, injector) {
  const type = extension(element, "zeebe:TaskDefinition")?.type ?? "";
  const known = words.operations.find((one) => one.key === type);
  return [
    select("house-operation", t("Operation"), {
      element,
      value: () => type,
      choices: options(words.operations, type),
      set: (chosen) => perform(injector, element, chosen, ""),
    }),
    text("house-external", t("Or work for another system, by its name"), {
      element,
      value: () => (known ? "" : type),
      set: (given) => (given || !known) && perform(injector, element, given, given && "true"),
    }),
    ...Object.entries(known?.parameters ?? {}).map(([name, about]) =>
      name === "deadline"
        ? select(`house-input-${name}`, t("Deadline"), {
            element,
            value: () => input(element, name),
            choices: options(words.deadlines, input(element, name)),
            set: (source) => writeInput(injector, element, name, source),
          })
        : text(`house-input-${name}`, `${about} (${name})`, {
            element,
            value: () => input(element, name),
            set: (source) => writeInput(injector, element, name, source),
          }),
    ),
  ];
}

function perform(injector, element, type, external) {
  write(injector, element, "zeebe:TaskDefinition", type ? { type } : null);
  if (property(element, "hejie.external") !== external) writeProperty(injector, element, "hejie.external", external);
}

function decision(element, words, injector) {
  const now = () => extension(element, "zeebe:CalledDecision");
  return [
    select("house-decision", t("Decision table"), {
      element,
      value: () => now()?.decisionId ?? "",
      choices: options(words.decisions, now()?.decisionId),
      set: (decisionId) =>
        write(injector, element, "zeebe:CalledDecision", decisionId ? { decisionId, resultVariable: now()?.resultVariable || "proposal" } : null),
    }),
    text("house-result", t("Its result goes into"), {
      element,
      value: () => now()?.resultVariable ?? "",
      set: (resultVariable) => now() && write(injector, element, "zeebe:CalledDecision", { resultVariable }),
    }),
  ];
}

function call(element, words, injector) {
  const now = () => extension(element, "zeebe:CalledElement")?.processId ?? "";
  return [
    select("house-process", t("Process"), {
      element,
      value: now,
      choices: options(words.processes, now()),
      set: (processId) =>
        write(injector, element, "zeebe:CalledElement", processId ? { processId, propagateAllChildVariables: false } : null),
    }),
  ];
}

function deadline(element, words, injector) {
  const key = property(element, "hejie.deadline");
  const timed = element.businessObject.get("eventDefinitions")?.some((one) => is(one, "bpmn:TimerEventDefinition"));
  const chosen = select("house-deadline", t("Deadline of the catalogue"), {
    element,
    about: words.deadlines.find((one) => one.key === key)?.about,
    value: () => property(element, "hejie.deadline"),
    choices: options(words.deadlines, key),
    set: (value) => writeProperty(injector, element, "hejie.deadline", value),
  });
  const mark = select("house-mark", t("Whose timer"), {
    element,
    value: () => property(element, "hejie.mark"),
    choices: [
      { value: "", label: t("(not said)") },
      { value: "S", label: t("S: of the law") },
      { value: "M", label: t("M: of our own management") },
    ],
    set: (value) => writeProperty(injector, element, "hejie.mark", value),
  });
  return timed ? [chosen, mark] : [chosen];
}

function options(words, current) {
  const known = words.map((one) => ({ value: one.key, label: one.title === one.key ? one.key : `${one.title} · ${one.key}` }));
  const missing = current && !words.some((one) => one.key === current) ? [{ value: current, label: t("{key} (there is none)", { key: current }) }] : [];
  return [{ value: "", label: t("(none)") }, ...missing, ...known];
}

function select(id, label, { element, value, set, choices, about }) {
  const getOptions = () => choices;
  return { id, element, label, description: about, getValue: value, setValue: set, getOptions, component: SelectEntry, isEdited: isSelectEntryEdited };
}

function text(id, label, { element, value, set, about }) {
  const setValue = (given) => set(given ?? "");
  return { id, element, label, description: about, getValue: value, setValue, component: Text, isEdited: isTextFieldEntryEdited };
}

// One and the same function for every field: a field of a new one would be made anew with each change, without the focus.
function Text(entry) {
  return TextFieldEntry({ ...entry, debounce: useService("debounceInput") });
}
