// An editor that cannot show a file says why and what to do, instead of an empty desk: what the checker finds in it
// stands below, and the way to its text beside.
import { findingsOf } from "./check-text.js";
import { element } from "./page.js";
import { loaded } from "./saving.js";
import { t } from "./translate.js";

const UNDRAWN = /no diagram to display|no process or collaboration/;
const notice = document.querySelector("[data-failed]");

export function cannot(error) {
  console.error(error);
  notice.append(" ", why(error));
  notice.hidden = false;
  for (const desk of document.querySelectorAll("[data-canvas], [data-properties], [role=toolbar]")) desk.hidden = true;
  if (loaded !== null) findingsOf(async () => loaded, nothingFound);
}

function why(error) {
  if (loaded === null) return t("The server did not give it. Load the page again in a moment.");
  if (UNDRAWN.test(error.message)) return t("There is no drawing in it, and it cannot be laid out here (it has several pools, for instance). Draw it in the tool it comes from, or change it as text.");
  return t("What is wrong with it stands below.");
}

// The checker takes what this editor does not: then it is said that the text is what is left.
function nothingFound(found) {
  if (found.length) return;
  const said = t("The checker finds nothing wrong with it, but it cannot be shown as a drawing here. Change it as text.");
  document.querySelector("[data-findings-summary]").textContent = said;
  document.querySelector("[data-findings]").replaceChildren(element("li", { class: "warning" }, said));
}
