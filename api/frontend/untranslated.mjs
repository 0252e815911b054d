// Every sentence that the editors can show, read from the sources that go into the bundles, and which of them has no
// Chinese: one a line. A test asserts that nothing is printed.
import { readFileSync } from "node:fs";
import { build } from "esbuild";
import { options } from "./bundles.mjs";

const LITERAL = String.raw`'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"`;
// What is said without asking for a translation, where the parts write it: as a property that people get to see.
const SHOWN = new RegExp(String.raw`\b(?:label|title|description|placeholder|tooltip|emptyText|children|["']aria-label["'])\s*:\s*\[?\s*(${LITERAL})`, "g");

// Words of code, examples, names: nobody translates them. Pieces of sentences that stand in the dictionary as a whole.
const CODE = /^(?:[^A-Za-z]*[A-Za-z]?[^A-Za-z]*|\w+:\w+|https?:.*|\.?[a-z]+[A-Z]?\w*Type|versionTag|\.en|R?\d*\/?P[T\d].*|\d{4}-.*|.*MON-FRI)$/;
const NAMES = new Set(["BPMN", "FEEL", "Java", "PMML", "bpmn.io", "type", "long"]);
const PIECES = new Set(["remove", "set a", "Align elements ", "Element type <"]);
const FEEL = /lang-feel/; // its labels are the words of the language

const REPORTED = new RegExp(String.raw`\breport\([^,]+,\s*(${LITERAL})`, "g");

const { metafile, outputFiles } = await build({ ...options, charset: "utf8", write: false, metafile: true, logLevel: "error" });
const shipped = outputFiles.map((file) => file.text).join("\n");
const [{ text }] = (await build({ entryPoints: ["src/studio/zh.js"], bundle: true, format: "esm", write: false })).outputFiles;
const { zh } = await import(`data:text/javascript;base64,${Buffer.from(text).toString("base64")}`);

const said = new Map();
for (const file of Object.keys(metafile.inputs).filter((name) => name.endsWith(".js") && !FEEL.test(name))) {
  const source = readFileSync(file, "utf8");
  for (const sentence of [...translated(source), ...shown(source)]) if (!said.has(sentence)) said.set(sentence, file);
}
const wanted = ([sentence]) => !CODE.test(sentence) && !NAMES.has(sentence) && !PIECES.has(sentence) && isShipped(sentence);
const missing = [...said].filter(wanted).filter(([sentence]) => !(sentence.trim() in zh) && !(sentence in zh));
console.log(`${said.size} sentences`);
for (const [sentence, file] of missing) console.log(`${JSON.stringify(sentence)}\t${file}`);

function* translated(source) {
  for (const call of source.matchAll(/\b(?:translate|t)\(/g)) {
    const first = argument(source, call.index + call[0].length);
    for (const [literal] of first.matchAll(new RegExp(LITERAL, "g"))) yield read(literal);
  }
}

function* shown(source) {
  for (const form of [SHOWN, REPORTED]) for (const [, literal] of source.matchAll(form)) yield read(literal);
}

// What the bundler left out is never shown. It writes texts in whichever quotes need least.
function isShipped(sentence) {
  const plain = JSON.stringify(sentence).slice(1, -1).replaceAll('\\"', '"');
  return [JSON.stringify(sentence), `'${plain}'`, `\`${plain}\``, `\`${sentence}\``].some((one) => shipped.includes(one));
}

// The first argument of a call that begins there.
function argument(source, from) {
  let deep = 0;
  for (let at = from; at < source.length; at += 1) {
    const one = source[at];
    if ("'\"`".includes(one)) at = closing(source, at);
    else if ("([{".includes(one)) deep += 1;
    else if (")]}".includes(one) && (deep -= 1) < 0) return source.slice(from, at);
    else if (one === "," && deep === 0) return source.slice(from, at);
  }
  return "";
}

function closing(source, from) {
  for (let at = from + 1; at < source.length; at += 1) {
    if (source[at] === "\\") at += 1;
    else if (source[at] === source[from]) return at;
  }
  return source.length;
}

function read(literal) {
  return (0, eval)(literal);
}
