// Behaviour of a rendered form (forms/templates/fields.html). Every form works without this file; with it, questions that
// depend on answers appear at once, files are uploaded when chosen, and drafts are saved. Works on the whole document by
// delegation, so that forms which arrive later need no starting.

import { shrunk } from "./photo.js";

const FIELDS = "[data-form-fields]";
const DRAFT_DELAY = 1500;
const AGAIN = 20_000; // milliseconds until a draft is tried again that did not reach the house

const running = new WeakMap(); // form → AbortController of its latest refresh
const draftTimers = new WeakMap();
let composing = Promise.resolve(); // Chinese is typed by composition; a swap in the middle of it would lose the word

document.documentElement.classList.add("with-script");
document.querySelector("[data-error-summary]")?.focus();

document.addEventListener("compositionstart", () => {
  composing = new Promise((resolve) => document.addEventListener("compositionend", resolve, { once: true }));
});

document.addEventListener("change", (event) => {
  const control = event.target;
  if (!control.closest(FIELDS)) return;
  if (control.matches("[data-refusals] input")) onlyOne(control);
  if (control.matches("[data-upload] input")) upload(control);
  else if (control.matches("[data-controls]")) refresh(control.form, "refresh");
});

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (!form?.hasAttribute("data-autosave") || !event.target.closest(FIELDS)) return;
  clearTimeout(draftTimers.get(form));
  draftTimers.set(form, setTimeout(() => saveDraft(form), DRAFT_DELAY));
});

document.addEventListener("visibilitychange", () => {
  if (document.visibilityState !== "hidden") return;
  for (const form of document.querySelectorAll("form[data-autosave]")) if (draftTimers.get(form)) saveDraft(form);
});

document.addEventListener("click", (event) => {
  const button = event.target.closest(`${FIELDS} button[name=_action]`);
  if (!button || !/^(add|remove|remove-file):/.test(button.value)) return;
  event.preventDefault();
  refresh(button.form, button.value);
});

document.addEventListener("submit", (event) => {
  clearTimeout(draftTimers.get(event.target));
  draftTimers.delete(event.target);
  event.target.removeAttribute("data-at-risk");
  running.get(event.target)?.abort();
});

/** “I don't know” and “decline” exclude each other. */
function onlyOne(ticked) {
  if (!ticked.checked) return;
  for (const other of ticked.closest("[data-refusals]").querySelectorAll("input")) {
    if (other !== ticked) other.checked = false;
  }
}

/** What the form would send, without files: chosen ones travel by themselves. */
function answers(form, action) {
  const data = new FormData(form);
  for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
  data.set("_action", action);
  return data;
}

function post(form, action, fragment, options = {}) {
  const address = form.getAttribute("action") || window.location.href;
  return fetch(address, { method: "POST", body: answers(form, action), headers: { "X-Fragment": fragment }, ...options });
}

/** Ask the server for the fields again and put them in place of the old ones; typed text and focus stay. */
async function refresh(form, action) {
  running.get(form)?.abort();
  const control = new AbortController();
  running.set(form, control);
  const before = snapshot(form);
  const fresh = await freshFields(form, action, control.signal);
  await composing;
  if (control.signal.aborted) return;
  if (fresh) swap(form, fresh, before, action);
  // Else the buttons for work without script appear again: the person can go on, and a page load will say what is wrong.
  else document.documentElement.classList.remove("with-script");
}

/** The fields as the server shows them now; null where it cannot be reached or answers something else. */
async function freshFields(form, action, signal) {
  try {
    const response = await post(form, action, "fields", { signal });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    return response.ok && !response.redirected ? page.querySelector(FIELDS) : null;
  } catch {
    return null;
  }
}

function swap(form, fresh, before, action) {
  const fields = form.querySelector(FIELDS);
  const structural = action !== "refresh";
  const typedMeanwhile = action.startsWith("remove:") ? [] : changed(form, before);
  const active = !structural && fields.contains(document.activeElement) ? document.activeElement : null;
  sync(fields.querySelector("[data-parts]"), fresh.querySelector("[data-parts]"), active);
  fields.querySelector("[data-kept]").replaceWith(fresh.querySelector("[data-kept]"));
  for (const [id, state] of typedMeanwhile) restore(document.getElementById(id), state);
  if (structural) focusAfter(fields, action);
  fields.querySelector("[data-form-status]").textContent = fields.dataset.updated;
}

/** Replace the parts of a list by fresh ones; only the part that holds the focus stays, and is synced inside. */
function sync(list, fresh, active) {
  const old = new Map([...list.children].map((part) => [part.dataset.part, part]));
  let cursor = list.firstElementChild;
  for (const part of [...fresh.children]) {
    const same = old.get(part.dataset.part);
    if (!active || !same?.contains(active)) {
      list.insertBefore(part, cursor);
      continue;
    }
    cursor = removeUntil(cursor, same).nextElementSibling;
    const inside = same.querySelector("[data-parts]");
    const freshInside = part.querySelector("[data-parts]");
    if (inside && freshInside) sync(inside, freshInside, active);
  }
  removeUntil(cursor, null);
}

function removeUntil(part, end) {
  while (part !== end) {
    const next = part.nextElementSibling;
    part.remove();
    part = next;
  }
  return end;
}

function controls(form) {
  return [...form.querySelectorAll(`${FIELDS} :is(input, select, textarea)[id]:not([type=file])`)];
}

const stateOf = (control) => (/^(checkbox|radio)$/.test(control.type) ? control.checked : control.value);

const snapshot = (form) => new Map(controls(form).map((control) => [control.id, stateOf(control)]));

/** What was typed or ticked since the snapshot. */
function changed(form, before) {
  const now = controls(form).map((control) => [control.id, stateOf(control)]);
  return now.filter(([id, state]) => before.has(id) && before.get(id) !== state);
}

function restore(control, state) {
  if (!control) return;
  if (typeof state === "boolean") control.checked = state;
  else control.value = state;
}

/** After adding: into the new item. After removing: to the list, which says how many are left. */
function focusAfter(fields, action) {
  const [verb, name] = action.split(":");
  const list = document.getElementById(`${prefixOf(fields)}f-${name.replace(/\]/g, "").replace(/[.[]/g, "-")}`);
  const item = verb === "add" ? [...(list?.querySelectorAll(".form-item") ?? [])].at(-1) : null;
  (item?.querySelector("input:not([type=hidden]), select, textarea") ?? list)?.focus();
}

const prefixOf = (fields) => fields.dataset.prefix ?? "";

async function saveDraft(form) {
  clearTimeout(draftTimers.get(form));
  draftTimers.delete(form);
  try {
    const response = await post(form, "save-draft", "draft", { keepalive: document.visibilityState === "hidden" });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    if (response.ok && !response.redirected) tellDraft(form, [...page.body.childNodes], true);
    else if (response.status >= 500) saveAgain(form);
    else tellDraft(form, [whyUnsaved(form, response.status, page)], false);
  } catch {
    saveAgain(form);
  }
}

/** No connection, or the house does not answer just now: the answers are still on the page. */
function saveAgain(form) {
  tellDraft(form, [form.dataset.later], false);
  draftTimers.set(form, setTimeout(() => saveDraft(form), AGAIN));
}

/** A draft that is refused is refused again: the person has to know, and what the house says about it. */
function whyUnsaved(form, status, page) {
  if (status === 401) return form.dataset.signedOut;
  return `${form.dataset.unsaved} ${page.querySelector("main .summary")?.textContent.trim() ?? ""}`.trim();
}

function tellDraft(form, said, saved) {
  form.toggleAttribute("data-at-risk", !saved);
  const status = form.querySelector("[data-draft-status]");
  status.className = saved ? "soft small" : "notice warn";
  status.replaceChildren(...said);
}

window.addEventListener("online", () => {
  for (const form of document.querySelectorAll("form[data-at-risk]")) if (draftTimers.get(form)) saveDraft(form);
});

window.addEventListener("beforeunload", (event) => {
  if (document.querySelector("form[data-at-risk]")) event.preventDefault(); // the browser asks whether to leave
});

/** Send the files just chosen, one after the other, and show them as the server knows them. */
async function upload(input) {
  const box = input.closest("[data-upload]");
  const fields = input.closest(FIELDS);
  const status = fields.querySelector("[data-form-status]");
  box.querySelector("[data-upload-error]")?.remove();
  if (!navigator.onLine) {
    status.textContent = fields.dataset.uploadLater; // the form brings them when it is sent
    return;
  }
  try {
    for (const file of input.files) {
      status.textContent = `${fields.dataset.uploading} ${file.name}`;
      const stored = await send(await shrunk(file), box.querySelector("progress"), tokenOf(input.form));
      box.append(hidden(box.dataset.upload, stored.id));
    }
    input.value = "";
    await refresh(input.form, "refresh");
    status.textContent = fields.dataset.uploaded;
  } catch (error) {
    box.prepend(complaint(error.message || fields.dataset.uploadFailed));
    status.textContent = "";
  }
}

function hidden(name, value) {
  return Object.assign(document.createElement("input"), { type: "hidden", name, value });
}

function complaint(text) {
  const line = Object.assign(document.createElement("p"), { className: "form-error", role: "alert", textContent: text });
  line.dataset.uploadError = "";
  return line;
}

function tokenOf(form) {
  return document.querySelector("meta[name=csrf-token]")?.content ?? form.elements.csrf_token?.value ?? "";
}

/** One file to /uploads, with progress. Resolves to {id, name, size, media_type}; rejects with the server's sentence. */
function send(file, progress, token) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const data = new FormData();
    data.append("file", file, file.name);
    request.open("POST", "/uploads");
    request.setRequestHeader("X-CSRF-Token", token);
    request.setRequestHeader("Accept", "application/json");
    request.responseType = "json";
    progress.hidden = false;
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) progress.value = (100 * event.loaded) / event.total;
    };
    request.onloadend = () => {
      progress.hidden = true;
      if (request.status >= 200 && request.status < 300 && request.response?.id) resolve(request.response);
      else reject(new Error(request.response?.detail ?? ""));
    };
    request.send(data);
  });
}
