// The English texts of the chosen component, which stand in its `properties`, as fields beside the builder.
import { element } from "./page.js";
import { t } from "./translate.js";

const TEXTS = { label: "Label", description: "Hint", text: "Text", why: "Why it is asked" };
const box = document.querySelector("[data-other-language]");

export function otherLanguage(editor) {
  const show = () => {
    const chosen = editor.get("selection").get();
    const component = chosen && editor.get("formFieldRegistry").get(chosen.id);
    if (!component || component.type === "default") return whole(editor);
    if (box.dataset.of === component.id && box.contains(document.activeElement)) return undefined;
    box.dataset.of = component.id;
    const keys = Object.keys(TEXTS).filter((name) => name === "why" || component[name] !== undefined);
    const rows = keys.flatMap((name) => (name === "why" ? ["why", "why.en"] : [`${name}.en`]));
    const options = (component.values ?? []).map((one) => `option.${one.value}.en`);
    box.replaceChildren(...[...rows, ...options].map((key) => row(editor, component, key)));
    return undefined;
  };
  show();
  return show;
}

function row(editor, component, key) {
  const [name] = key.split(".");
  const title = name === "option" ? t("Answer “{value}”, in English", { value: key.slice(7, -3) }) : t(key.endsWith(".en") ? `${TEXTS[name]}, in English` : TEXTS[name]);
  const input = element("input", { class: "input", id: `text-${key}`, value: component.properties?.[key] ?? "", "data-text": key });
  input.addEventListener("change", () => {
    const now = editor.get("formFieldRegistry").get(component.id);
    const properties = { ...now.properties, [key]: input.value };
    if (!input.value) delete properties[key];
    editor.get("modeling").editFormField(now, "properties", properties);
  });
  return element("div", {}, element("label", { class: "label", for: `text-${key}` }, title), input);
}

// Nothing chosen: the form's own titles.
function whole(editor) {
  const schema = editor.get("formFieldRegistry").getForm?.() ?? editor._getState().schema;
  box.dataset.of = "";
  const field = (key, title) => {
    const input = element("input", { class: "input", id: `text-${key}`, value: schema[key] ?? "", "data-text": key });
    input.addEventListener("change", () => editor.get("modeling").editFormField(schema, key, input.value));
    return element("div", {}, element("label", { class: "label", for: `text-${key}` }, title), input);
  };
  box.replaceChildren(field("title", t("Title")), field("title.en", t("Title, in English")));
}
