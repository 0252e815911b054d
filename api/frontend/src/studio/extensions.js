// Reading and writing the zeebe extensions of an element; each change is one step of undo.
import { is } from "bpmn-js/lib/util/ModelUtil";

const held = (element) => element.businessObject.get("extensionElements")?.get("values") ?? [];

export function extension(element, type) {
  return held(element).find((one) => is(one, type));
}

export function createExtensions(moddle, businessObject, values) {
  const extensions = moddle.create("bpmn:ExtensionElements", { values });
  extensions.$parent = businessObject;
  values.forEach((one) => (one.$parent = extensions));
  return extensions;
}

// Gives an extension these properties, makes it where it is missing, takes it away where `properties` is null.
export function write(injector, element, type, properties) {
  const moddle = injector.get("moddle");
  const stack = injector.get("commandStack");
  const businessObject = element.businessObject;
  const now = extension(element, type);
  if (now && properties) return update(stack, element, now, properties);
  const others = held(element).filter((one) => one !== now);
  if (!now && !properties) return undefined;
  const made = properties ? [moddle.create(type, properties)] : [];
  const extensions = businessObject.get("extensionElements");
  if (!extensions) {
    return update(stack, element, businessObject, { extensionElements: createExtensions(moddle, businessObject, made) });
  }
  made.forEach((one) => (one.$parent = extensions));
  return update(stack, element, extensions, { values: [...others, ...made] });
}

// A list inside an extension, such as the inputs of an ioMapping: another list, and the extension with it.
export function writeList(injector, element, type, name, items) {
  const now = extension(element, type);
  if (!now) return items.length ? write(injector, element, type, { [name]: items }) : undefined;
  items.forEach((one) => (one.$parent = now));
  const empty = !items.length && !["inputParameters", "outputParameters", "properties"].some((one) => one !== name && now.get?.(one)?.length);
  return empty ? write(injector, element, type, null) : update(injector.get("commandStack"), element, now, { [name]: items });
}

function update(stack, element, moddleElement, properties) {
  stack.execute("element.updateModdleProperties", { element, moddleElement, properties });
}

export function property(element, name) {
  return extension(element, "zeebe:Properties")?.get("properties").find((one) => one.name === name)?.value ?? "";
}

export function writeProperty(injector, element, name, value) {
  const others = (extension(element, "zeebe:Properties")?.get("properties") ?? []).filter((one) => one.name !== name);
  const added = value ? [injector.get("moddle").create("zeebe:Property", { name, value })] : [];
  writeList(injector, element, "zeebe:Properties", "properties", [...others, ...added]);
}

export function input(element, target) {
  const found = extension(element, "zeebe:IoMapping")?.get("inputParameters").find((one) => one.target === target);
  return found?.source ?? "";
}

export function writeInput(injector, element, target, source) {
  const others = (extension(element, "zeebe:IoMapping")?.get("inputParameters") ?? []).filter((one) => one.target !== target);
  const added = source ? [injector.get("moddle").create("zeebe:Input", { source, target })] : [];
  writeList(injector, element, "zeebe:IoMapping", "inputParameters", [...others, ...added]);
}
