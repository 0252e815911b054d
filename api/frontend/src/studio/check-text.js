// Findings of a file that has no drawing: a list.
import { after, asked, element, setup } from "./page.js";
import { t } from "./translate.js";

const PAUSE = 700;

export function findingsOf(read, show) {
  const list = document.querySelector("[data-findings]");
  const summary = document.querySelector("[data-findings-summary]");
  const look = async () => {
    const told = await asked(`${setup.api}/findings`, { name: setup.name, content: await read() });
    if (!told) return;
    const errors = told.items.filter((one) => one.severity === "error").length;
    const notes = told.items.length - errors;
    summary.textContent = told.items.length ? t("{errors} errors, {notes} notes", { errors, notes }) : t("It would run as it is drawn.");
    list.replaceChildren(
      ...told.items.map((one) =>
        element(
          "li",
          { class: one.severity, "data-rule": one.rule, "data-element": one.element_id ?? "" },
          element("strong", {}, one.severity === "error" ? t("Error") : t("Note")),
          ` ${one.file === setup.name ? "" : `${one.file}: `}${one.element_id ?? ""} ${one.message} ${one.hint}`,
        ),
      ),
    );
    show?.(told.items);
  };
  const soon = after(PAUSE, look);
  look();
  return soon;
}

export function checkText(read, text) {
  text.addEventListener("input", findingsOf(read));
}
