// The form builder: form-js' editor, beside it the form as people will see it, in both languages, from the server.
import "./studio/nonce.js";
import { FormEditor } from "@bpmn-io/form-js-editor";
import "@bpmn-io/form-js/dist/assets/form-js.css";
import "@bpmn-io/form-js/dist/assets/form-js-editor.css";
import "@bpmn-io/form-js/dist/assets/properties-panel.css";
import "./studio/studio.css";
import { cannot } from "./studio/cannot.js";
import { findingsOf } from "./studio/check-text.js";
import { preview } from "./studio/preview.js";
import { otherLanguage } from "./studio/other-language.js";
import { changed, keep, load } from "./studio/saving.js";
import { translateModule, translateWithin } from "./studio/translate.js";

const IGNORE = `h1, [data-findings], [data-preview], [data-other-language], [class*="flatpickr"], .cm-editor, textarea,
  .fjs-form-field:not(.fjs-powered-by) > :not(.fjs-filepicker-container, .fjs-form-field-placeholder, :has(.fjs-filepicker-container, .fjs-form-field-placeholder)),
  .fjs-children label, .bio-properties-panel-collapsible-entry-header-title, .bio-properties-panel-header-label`;

open().catch(cannot);

async function open() {
  const original = await load();
  const schema = JSON.parse(original);
  const editor = new FormEditor({ container: document.querySelector("[data-canvas]"), additionalModules: [translateModule] });
  translateWithin(document.querySelector("[data-editor]"), { ignore: IGNORE });
  await editor.importSchema(schema);
  window.editor = editor;
  const before = JSON.stringify(editor.saveSchema());
  const read = async () => {
    const now = editor.saveSchema();
    return JSON.stringify(now) === before ? original : `${JSON.stringify(now, null, 2)}\n`;
  };
  keep(read);
  const follow = [changed, findingsOf(read), preview(read), otherLanguage(editor)];
  editor.on("commandStack.changed", () => follow.forEach((one) => one()));
  editor.on("selection.changed", follow.at(-1));
  document.querySelector("[data-editor]").dataset.ready = "";
}
