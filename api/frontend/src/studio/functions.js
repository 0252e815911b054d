// What completion offers in place of Camunda's functions: those that our FEEL has, as the server lists them, each with
// its examples from our reference. The bundler puts this module where the expression editor asks for its own.
import reference from "../../../../docs/feel.md";
import { element, setup } from "./page.js";

const EXAMPLE = /^\| `((?:[^`|]|\\\|)+)` \| `((?:[^`|]|\\\|)+)` \|$/gm;
const examples = [...reference.matchAll(EXAMPLE)].map((found) => found.slice(1).map((text) => text.replaceAll("\\|", "|")));

export const camundaBuiltins = setup.functions.map(({ name, params, forms }) => ({
  name,
  type: "function",
  params: params.map((one) => ({ name: one })),
  info: told(name, forms),
}));

function told(name, forms) {
  const lines = forms.map((form) => element("code", {}, form));
  for (const [given, value] of examples.filter(([given]) => given.startsWith(`${name}(`))) {
    lines.push(element("small", {}, element("code", {}, given), " → ", element("code", {}, value)));
  }
  return element("div", {}, ...lines.map((line) => element("p", {}, line))).outerHTML;
}
