// The editors speak the reader's language. Sentences are English in the code; what has no Chinese is kept in
// `window.untranslated`, and a test asserts that nothing is.
import { setup } from "./page.js";
import { zh } from "./zh.js";

export const untranslated = (window.untranslated = new Set());
const MEASURED = "abc def ghi jkl mno pqr stu"; // CodeMirror measures letters with it, for a moment
const wordless = /^[\s\d\p{P}\p{S}]*$/u;

export function t(sentence, facts = {}) {
  const told = setup.locale === "zh" ? chinese(sentence) : sentence;
  return told.replace(/{([^}]+)}/g, (whole, name) => facts[name] ?? whole);
}

// Sentences that the parts put together themselves, before anybody could translate them.
const COMPOSED = [
  [/^List contains (\d+) items?$/, "共 $1 项"],
  [/^Create an? (.+) element$/, (_, name) => `创建“${zh[name] ?? name}”`],
  [/^Remove (.+)$/, (whole, name) => zh[whole] ?? `删除“${zh[name] ?? name}”`],
];

const spoken = new Set(Object.values(zh));

function chinese(sentence) {
  if (spoken.has(sentence) || sentence === MEASURED) return sentence;
  const composed = COMPOSED.find(([pattern]) => pattern.test(sentence));
  if (composed) return sentence.replace(...composed);
  const found = zh[sentence] ?? zh[sentence.trim()];
  if (found === undefined && !wordless.test(sentence) && !/[\u4e00-\u9fff]/.test(sentence)) untranslated.add(sentence);
  return found ?? sentence;
}

export const translateModule = { translate: ["value", t] };

const SAID = ["title", "placeholder", "aria-label", "data-title"];

// For the parts that never ask for a translation: what they write into the page is replaced as it appears.
export function translateWithin(root, { ignore }) {
  if (setup.locale !== "zh") return;
  const look = (node) => {
    if (node.nodeType === Node.TEXT_NODE) text(node);
    else if (node.nodeType === Node.ELEMENT_NODE) {
      if (node.matches(ignore)) return;
      for (const name of SAID) attribute(node, name);
      node.childNodes.forEach(look);
    }
  };
  const text = (node) => {
    const said = node.data.trim();
    if (!said || wordless.test(said) || /[\u4e00-\u9fff]/.test(said) || node.parentElement?.closest(ignore)) return;
    const told = chinese(said);
    if (told !== said) node.data = node.data.replace(said, told);
  };
  const attribute = (node, name) => {
    const said = node.getAttribute(name);
    if (!said || wordless.test(said) || /[\u4e00-\u9fff]/.test(said)) return;
    const told = chinese(said);
    if (told !== said) node.setAttribute(name, told);
  };
  new MutationObserver((records) => {
    for (const record of records) {
      if (record.type === "characterData") look(record.target);
      else if (record.type === "attributes") {
        if (!record.target.closest(ignore)) attribute(record.target, record.attributeName);
      } else record.addedNodes.forEach((node) => !node.parentElement?.closest(ignore) && look(node));
    }
  }).observe(root, { childList: true, subtree: true, characterData: true, attributes: true, attributeFilter: SAID });
  look(root);
}
