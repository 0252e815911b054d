// Reporting from a phone: danger brings the numbers to call into sight; what is written stays on the phone until it has
// arrived (outbox.js); speaking, the phone's place and several matters at once where they can be had. Without this file
// the form works all the same.

import { all, drop, keep, one, reachable, sendWaiting } from "./outbox.js";
import { shrunk } from "./photo.js";

const WHO = "hejie-by";
const form = document.querySelector("[data-report]");
const urgent = document.querySelector("[data-urgent]");
const box = document.querySelector("[data-outbox]");
const received = document.querySelector("[data-received]");
const say = box?.dataset ?? {};

if ("serviceWorker" in navigator) {
  navigator.serviceWorker.register(`/sw.js?locale=${document.documentElement.lang}`).catch(() => {}); // only over HTTPS
}

if (received) noteReceipt();
if (form) {
  if (!form.hasAttribute("data-copy")) rememberWho();
  form.addEventListener("change", showUrgent);
  form.addEventListener("submit", send);
  form.elements.what.addEventListener("input", offerSplit);
  form.querySelector("[data-keep]").addEventListener("click", () => keepDraft());
  form.querySelector("[data-split]").addEventListener("click", split);
  for (const tool of form.querySelectorAll("[data-needs-script]")) tool.hidden = false;
  form.elements.where.setAttribute("list", "villages");
  form.querySelector("[data-pick]").addEventListener("click", pick);
  for (const one of form.querySelectorAll("#pick select")) one.addEventListener("change", picked);
  for (const name of ["what", "where"]) form.elements[name].addEventListener("change", lookForSame);
  document.querySelector("[data-round]")?.addEventListener("submit", noteRound);
  offerRound();
  offerPlace();
  offerSpeech();
  offerSplit();
  forgetWhatIsBeingMended();
}
if (box) {
  for (const event of ["online", "pageshow"]) window.addEventListener(event, refresh);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && refresh());
}

function showUrgent(event) {
  if (event.target.name !== "urgency") return;
  const danger = event.target.value.startsWith("danger");
  urgent.classList.toggle("now", danger);
  if (danger) urgent.scrollIntoView({ block: "start" });
}

// sending

async function send(event) {
  if (["_action", "join"].includes(event.submitter?.name)) return;
  event.preventDefault();
  const near = await reachable();
  if (near && !who()) return form.submit(); // without an account nothing stays on the phone
  const missing = near ? null : firstMissing();
  if (missing) return complain(missing);
  const entry = await entryOf("waiting");
  if (tooHeavy(entry)) return;
  const kept = await keep(entry).then(() => true, () => false); // a browser without a store sends all the same
  if (!near) return kept ? startAnew(say.kept) : tell(say.unkept);
  for (const [name, value] of entry.fields) if (value instanceof File) useFiles(name, entry);
  form.submit();
}

/** Where nobody can check the answers, the three that are needed must at least be there. */
function firstMissing() {
  const asked = ["what", "where", "urgency"].find((name) => !new FormData(form).getAll(name).join("").trim());
  return asked && form.querySelector(`[name="${asked}"]:not([type=hidden])`);
}

function complain(control) {
  tell(say.missing);
  control.focus();
}

async function entryOf(state) {
  const fields = [];
  for (const [name, value] of new FormData(form)) {
    if (name === "csrf_token" || name === "_action") continue;
    if (!(value instanceof File)) fields.push([name, value]);
    else if (value.size) fields.push([name, await shrunk(value)]);
  }
  return { key: form.elements.idempotency_key.value, by: who(), state, fields, at: Date.now(), trouble: "" };
}

/** Send the photos as they were kept, so that a second try is the same request. */
function useFiles(name, entry) {
  const files = new DataTransfer();
  for (const [other, value] of entry.fields) if (other === name && value instanceof File) files.items.add(value);
  form.querySelector(`[name="${name}"]`).files = files.files;
}

/** Whether the files are more than one report can carry; it is said what to take out, before anything is kept. */
function tooHeavy(entry) {
  const files = entry.fields.map(([, value]) => value).filter((value) => value instanceof File);
  const all = files.reduce((sum, file) => sum + file.size, 0);
  if (all <= say.most) return false;
  const [largest] = files.sort((one, other) => other.size - one.size);
  const said = { all: mega(all), most: mega(say.most), name: largest.name, size: mega(largest.size) };
  tell(say.heavy.replace(/\{(\w+)\}/g, (_, word) => said[word]));
  box.scrollIntoView({ block: "nearest" });
  return true;
}

const mega = (bytes) => Math.round(bytes / 1024 / 102.4) / 10;

async function keepDraft() {
  const entry = await entryOf("draft");
  if (tooHeavy(entry)) return;
  const kept = await keep(entry).then(() => true, () => false);
  if (kept) startAnew(say.drafted);
  else tell(say.unkept);
}

/** What was sent ahead for one report goes with no other. */
function forgetFiles() {
  for (const one of form.querySelectorAll(".form-files, [data-upload] input[type=hidden]")) one.remove();
}

function startAnew(message) {
  form.reset();
  forgetFiles();
  for (const name of ["what", "where", "other_party", "reporter_name", "reporter_phone"]) {
    if (form.elements[name]) form.elements[name].value = "";
  }
  form.elements.idempotency_key.value = newKey();
  urgent.classList.remove("now");
  offerSplit();
  tell(message);
  refresh();
  box.scrollIntoView({ block: "start" });
}

function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The report of this key has arrived by the ordinary way. */
async function noteReceipt() {
  const { key, number, code } = received.dataset;
  const entry = await one(key);
  if (!entry) return;
  const words = entry.fields.filter(([name]) => name === "what");
  await keep({ ...entry, state: "sent", fields: words, answer: { number, code }, trouble: "" });
}

/** A report that came back to be mended stands in the form; its copy would send the wrong words. */
async function forgetWhatIsBeingMended() {
  if (document.querySelector("[data-error-summary]")) await drop(form.elements.idempotency_key.value);
}

// who writes: the copy of the page does not know, so the last page that did is asked

function rememberWho() {
  try {
    localStorage.setItem(WHO, form.dataset.by);
  } catch {
    // a browser that keeps nothing: reports are sent as nobody's
  }
}

function who() {
  if (!form.hasAttribute("data-copy")) return form.dataset.by;
  try {
    return localStorage.getItem(WHO) ?? "";
  } catch {
    return "";
  }
}

// what is on the phone

async function refresh() {
  await show();
  await sendWaiting().catch(() => {});
  await show();
}

async function show() {
  const entries = await all().catch(() => []); // a browser without a store: nothing can wait
  box.hidden = entries.length === 0 && !box.querySelector("[role=status]").textContent;
  box.querySelector("[data-list]").replaceChildren(...entries.map(line));
}

function line(entry) {
  const part = box.querySelector("template").content.cloneNode(true);
  const text = entry.fields.find(([name]) => name === "what")?.[1] ?? "";
  part.querySelector("[data-words]").textContent = text || say.empty;
  part.querySelector("[data-state]").textContent = entry.answer
    ? `${say.sent} ${[entry.answer.number, entry.answer.code].filter(Boolean).join(" · ")}`
    : say[entry.state];
  part.querySelector("[data-at]").textContent = new Date(entry.at).toLocaleString(document.documentElement.lang);
  part.querySelector("[data-trouble]").textContent = entry.trouble === "sign-in" ? say.signIn : entry.trouble;
  const open = part.querySelector("[data-open]");
  open.hidden = entry.state === "sent" || !form || Boolean(entry.to);
  open.addEventListener("click", () => goOn(entry));
  part.querySelector("[data-drop]").addEventListener("click", () => remove(entry));
  return part;
}

async function remove(entry) {
  if (entry.state !== "sent" && !window.confirm(say.sure)) return;
  await drop(entry.key);
  tell(say.dropped);
  await show();
}

/**
 * Put an entry back into the form; the form as it stands is not lost. It keeps its key: what seemed to wait may have
 * arrived without an answer, and sent again as it is, it is the same report.
 */
async function goOn(entry) {
  if (form.elements.what.value.trim()) await keep(await entryOf("draft"));
  await drop(entry.key);
  form.reset();
  for (const control of form.querySelectorAll("input[type=file]")) useFiles(control.name, entry);
  forgetFiles();
  for (const [name, value] of entry.fields) if (!(value instanceof File)) put(name, value);
  form.elements.idempotency_key.value = entry.key;
  if (navigator.onLine) form.querySelector("[data-controls]").dispatchEvent(new Event("change", { bubbles: true }));
  offerSplit();
  await show();
  form.elements.what.focus();
}

function put(name, value) {
  const files = form.querySelector(`[data-upload="${CSS.escape(name)}"]`);
  if (files && value) files.append(Object.assign(document.createElement("input"), { type: "hidden", name, value })); // sent already
  if (name === "opened" && form.elements.opened) form.elements.opened.value = value;
  for (const control of form.querySelectorAll(`[name="${CSS.escape(name)}"]:not([type=hidden], [type=file])`)) {
    if (/^(radio|checkbox)$/.test(control.type)) control.checked ||= control.value === value;
    else control.value = value;
  }
}

function tell(message) {
  box.querySelector("[role=status]").textContent = message;
  box.hidden = false;
}

// several matters in one speech

function matters() {
  return form.elements.what.value.split("\n").map((part) => part.trim()).filter(Boolean);
}

function offerSplit() {
  form.querySelector("[data-split]").hidden = matters().length < 2;
}

/** Without a signal the first line stays in the form; every other becomes a draft with the same place. */
async function split(event) {
  const button = event.currentTarget;
  event.preventDefault();
  if (button.type === "submit" && (await reachable())) return form.requestSubmit(button); // the next page asks about each
  const [first, ...others] = matters();
  const { where } = form.elements;
  const now = Date.now();
  for (const [index, words] of others.entries()) {
    const fields = [["what", words], ["where", where.value]];
    await keep({ key: newKey(), by: who(), state: "draft", fields, at: now - index, trouble: "" });
  }
  form.elements.what.value = first;
  offerSplit();
  tell(say.split);
  await show();
}

// is it known already; been round

/** Ask whether it may be the same as an open case; whoever is not signed in, or has no signal, is not asked. */
async function lookForSame() {
  const box = form.querySelector("[data-similar]");
  if (!box || !who() || form.hasAttribute("data-copy")) return;
  if (!form.elements.what.value.trim() || !form.elements.where.value.trim()) return;
  const data = new FormData();
  for (const name of ["csrf_token", "what", "where"]) data.set(name, form.elements[name].value);
  data.set("_action", "similar");
  try {
    const answer = await fetch(form.action, { method: "POST", body: data, headers: { "X-Fragment": "similar" } });
    if (answer.ok) box.innerHTML = await answer.text();
    box.hidden = !box.querySelector("button"); // nothing alike is no news while somebody writes
  } catch {
    // without a signal nothing is looked up
  }
}

/** The copy of the page knows nobody: who uses it is who was signed in last. */
function offerRound() {
  const round = document.querySelector("[data-round]");
  if (round && form.hasAttribute("data-copy")) round.hidden = !who();
}

async function noteRound(event) {
  if (await reachableNow(event)) return;
  const key = newKey();
  const at = Date.now();
  await keep({ key, by: who(), to: "/reports", state: "waiting", fields: [["key", key], ["at", String(at)], ["what", say.beenRound]], at, trouble: "" });
  tell(say.kept);
  await show();
}

/** Whether the ordinary way is open; the form is held back until that is known. */
async function reachableNow(event) {
  const round = event.currentTarget;
  event.preventDefault();
  const near = await reachable();
  if (near && round.elements.csrf_token) round.submit();
  return near && round.elements.csrf_token;
}

// what this phone can do besides

function pick(event) {
  const box = form.querySelector("#pick");
  box.hidden = !box.hidden;
  event.currentTarget.setAttribute("aria-expanded", String(!box.hidden));
}

function picked() {
  const [village, group] = form.querySelectorAll("#pick select");
  const { where } = form.elements;
  where.value = [village.value, group.value, where.value.match(POINT)?.[0].trim()].filter(Boolean).join(" ");
  form.elements.where.dispatchEvent(new Event("change"));
}

const POINT = / ?\(-?[\d.]+, -?[\d.]+(?: ±\d+ m)?\)$/;
const FAR = 5000; // metres beyond which the nearest village says nothing

/** The village that lies nearest to a place, of those whose place is known; nothing where none is near. */
function nearest({ latitude, longitude }) {
  const metres = (option) => {
    const [north, east] = option.dataset.at.split(",").map(Number);
    return 111_195 * Math.hypot(north - latitude, (east - longitude) * Math.cos((latitude * Math.PI) / 180));
  };
  const known = [...document.querySelectorAll("#villages [data-at]")].map((one) => [metres(one), one.value]);
  const [far, village] = known.sort(([one], [other]) => one - other)[0] ?? [Infinity, ""];
  return far <= FAR ? village : "";
}

function offerPlace() {
  const button = form.querySelector("[data-place]");
  button.hidden = !("geolocation" in navigator);
  button.addEventListener("click", () => {
    tell(say.looking);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        const { where } = form.elements;
        const place = `${coords.latitude.toFixed(5)}, ${coords.longitude.toFixed(5)} ±${Math.ceil(coords.accuracy)} m`;
        const words = where.value.replace(POINT, "").trim() || nearest(coords);
        where.value = `${words} (${place})`.trim();
        tell(say.placed);
        lookForSame();
      },
      () => tell(say.nowhere),
      { enableHighAccuracy: true, timeout: 20_000 },
    );
  });
}

function offerSpeech() {
  const Recognition = window.SpeechRecognition ?? window.webkitSpeechRecognition;
  const button = form.querySelector("[data-speak]");
  button.hidden = !Recognition;
  form.querySelector("[data-speak-note]").hidden = !Recognition;
  form.querySelector("[data-no-speech]").hidden = Boolean(Recognition);
  if (!Recognition) return;
  let listening = null;
  button.addEventListener("click", () => {
    if (listening) return listening.stop();
    listening = new Recognition();
    listening.lang = document.documentElement.lang;
    listening.continuous = true;
    button.setAttribute("aria-pressed", "true");
    listening.addEventListener("result", ({ results, resultIndex }) => {
      form.elements.what.value += [...results].slice(resultIndex).map((one) => one[0].transcript).join("");
      offerSplit();
    });
    listening.addEventListener("error", () => tell(say.mute));
    listening.addEventListener("end", () => {
      listening = null;
      button.setAttribute("aria-pressed", "false");
    });
    listening.start();
  });
}
