// Keeps a file of a draft saved by itself: after a pause, with the number of the state that was changed. Whoever comes
// second is told, and nothing is overwritten: hers is kept as a draft of her own, or she takes what is there now.
import { ask, asked, element, setup } from "./page.js";
import { t } from "./translate.js";
import { held, hold, release, takeUp } from "./unsaved.js";

const PAUSE = 900;
const LOOK = 15000;
const SIGNED_OUT = [401, 403];
const OVERTAKEN = [404, 409, 412]; // taken out, deployed or discarded, saved by somebody else
const FILE = `${setup.api}/files/${setup.name.split("/").map(encodeURIComponent).join("/")}`;
const OWN = `${setup.api}/own/${setup.name.split("/").map(encodeURIComponent).join("/")}`;
const status = document.querySelector("[data-saved]");
const conflict = document.querySelector("[data-conflict]");

let number = setup.number;
let read = null;
let timer = null;
let busy = false;
let dirty = false;
let stopped = false;

// The file as it came; null as long as the server has not given it.
export let loaded = null;

export class Unreachable extends Error {}

export async function load() {
  const answer = await ask(FILE);
  if (!answer.ok) throw new Unreachable(answer.status);
  number = Number(answer.headers.get("ETag").replace(/\D/g, ""));
  loaded = await answer.text();
  return loaded;
}

// `reader` gives the file as it is now.
export function keep(reader) {
  read = reader;
  tell("saved", t("Saved"));
  offer();
  setInterval(look, LOOK);
  document.addEventListener("visibilitychange", () => document.hidden && save()); // the tab may not come back
  window.addEventListener("beforeunload", (event) => dirty && event.preventDefault());
}

export function changed() {
  dirty = true;
  if (stopped) return;
  read().then((content) => dirty && hold(number, content));
  tell("changed", t("Not saved yet"));
  clearTimeout(timer);
  timer = setTimeout(save, PAUSE);
}

export async function save() {
  if (busy || stopped || !dirty) return;
  busy = true;
  dirty = false;
  tell("saving", t("Saving …"));
  try {
    const body = await read();
    const answer = await ask(FILE, { method: "PUT", body, headers: { "If-Match": `"${number}"` } });
    if (answer.ok) {
      number = (await answer.json()).number;
      if (!dirty) release();
      tell("saved", t("Saved"));
    } else if (SIGNED_OUT.includes(answer.status)) {
      throw new Error(t("your session has ended. What you changed is kept in this browser: sign in and load this page again"));
    } else if (OVERTAKEN.includes(answer.status)) {
      dirty = true;
      collide((await answer.json()).detail);
    } else {
      throw new Error((await answer.json()).detail);
    }
  } catch (error) {
    dirty = true;
    const why = error instanceof TypeError ? t("the server does not answer; it is tried again") : error.message;
    tell("failed", t("Not saved: {why}", { why }));
    timer = setTimeout(save, 5 * PAUSE);
  } finally {
    busy = false;
  }
  if (dirty && !stopped && status.dataset.state !== "failed") changed();
}

async function look() {
  if (busy || stopped || document.hidden) return;
  const draft = await asked(setup.api);
  const file = draft?.files.find((one) => one.name === setup.name);
  if (file && file.number !== number && !busy) {
    collide(t("Somebody else has saved this file since you opened it."));
  }
}

// What an earlier tab could not save any more is offered again; nothing is saved before somebody has chosen.
async function offer() {
  const kept = held(await read());
  if (!kept) return;
  const mine = async () => kept.content;
  const take = async () => {
    try {
      if (await takeUp(FILE, kept)) return reload();
      return collide(t("Somebody else has saved this file since you opened it."), mine);
    } catch (error) {
      return tell("failed", t("Not saved: {why}", { why: error.message }));
    }
  };
  const drop = () => {
    release();
    stopped = false;
    conflict.hidden = true;
    tell("saved", t("Saved"));
    if (dirty) changed();
  };
  choose(t("This page was closed before your last changes were saved. They are still here."), mine, [
    [t("Take them up again"), take],
    [t("Leave them"), drop],
  ]);
}

function collide(why, mine = read) {
  choose(why, mine, [
    [t("Keep mine as a draft of my own"), () => keepMine(mine)],
    [t("Take what is there now"), reload],
  ]);
}

function choose(why, mine, ways) {
  stopped = true;
  clearTimeout(timer);
  tell("failed", t("Not saved"));
  const differences = element("ul", { class: "plain", "data-differences": "" });
  const button = ([label, work]) => element("button", { type: "button", class: "button second", onclick: work }, label);
  const [first, ...others] = ways;
  const buttons = [first, [t("See the difference"), () => compare(differences, mine)], ...others].map(button);
  conflict.replaceChildren(element("p", {}, why), element("div", { class: "row" }, ...buttons), differences);
  conflict.hidden = false;
  conflict.querySelector("button").focus();
}

async function keepMine(mine) {
  const answer = await ask(OWN, { method: "POST", body: await mine() });
  if (!answer.ok) return tell("failed", (await answer.json()).detail);
  dirty = false;
  release();
  const own = await answer.json();
  location.href = location.pathname.replace(setup.api.split("/").pop(), own.id);
}

async function compare(list, mine) {
  const found = await asked(`${setup.api}/changes`, { name: setup.name, content: await mine() });
  const lines = (found?.items ?? []).flatMap((file) =>
    file.elements.length ? file.elements.map((one) => `${t(one.verb)}: ${one.name || one.id} (${one.id})`) : file.lines,
  );
  list.replaceChildren(...(lines.length ? lines : [t("There is no difference.")]).map((line) => element("li", {}, line)));
}

function reload() {
  dirty = false;
  release();
  location.reload();
}

function tell(state, words) {
  status.dataset.state = state;
  status.textContent = words;
}
