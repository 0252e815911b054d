// What a phone keeps of reports until they have arrived (docs/offline.md): a store in IndexedDB, and the sending.
// An entry: {key, by, to, state: draft | waiting | refused | sent, fields: [[name, text or File]], at, answer, trouble}.

const STORE = "reports";
const LOCK = "hejie-outbox";
const FINAL = [400, 409, 413, 415, 422]; // the server's answer to what was written; anything else is worth another try

function database() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open("hejie", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "key" });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

async function within(mode, act) {
  const open = await database();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = open.transaction(STORE, mode);
      const asked = act(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(asked.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    open.close();
  }
}

export const keep = (entry) => within("readwrite", (store) => store.put(entry));
export const drop = (key) => within("readwrite", (store) => store.delete(key));
export const one = (key) => within("readonly", (store) => store.get(key));

/** All entries, the newest first. */
export async function all() {
  const found = await within("readonly", (store) => store.getAll());
  return found.sort((a, b) => b.at - a.at);
}

/** Whether the house can be reached now; a phone that believes to be online may still have no way out. */
export async function reachable() {
  if (!navigator.onLine) return false;
  const control = new AbortController();
  const patience = setTimeout(() => control.abort(), 4000);
  try {
    return (await fetch("/healthz", { cache: "no-store", signal: control.signal })).ok;
  } catch {
    return false;
  } finally {
    clearTimeout(patience);
  }
}

/** Send what waits, one after the other; only one page of this phone does so at a time. */
export async function sendWaiting() {
  const send = async () => {
    const waiting = (await all()).filter((entry) => entry.state === "waiting").reverse();
    if (!waiting.length || !(await reachable())) return;
    const sender = await (await fetch("/outbox/sender", { cache: "no-store" })).json();
    for (const entry of waiting) if (!(await arrived(entry, sender))) return;
  };
  await (navigator.locks ? navigator.locks.request(LOCK, send) : send());
}

/** Try to send one entry and keep what came of it; false where the way out is gone again. */
async function arrived(entry, sender) {
  if (entry.by && entry.by !== sender.actor) {
    await keep({ ...entry, trouble: "sign-in" });
    return true;
  }
  const data = new FormData();
  for (const [name, value] of entry.fields) data.append(name, value);
  data.set("csrf_token", sender.token);
  let answer;
  try {
    answer = await fetch(entry.to ?? "/report", { method: "POST", body: data, headers: { "X-Fragment": "receipt" } });
    if (answer.ok) await keep({ ...entry, state: "sent", fields: wordsOnly(entry), answer: await answer.json(), trouble: "" });
    else if (FINAL.includes(answer.status)) await keep({ ...entry, state: "refused", trouble: sentence(await answer.text()) });
  } catch {
    return false;
  }
  return answer.ok || FINAL.includes(answer.status);
}

const wordsOnly = (entry) => entry.fields.filter(([name]) => name === "what");

/** What the page says about a report that was refused. */
function sentence(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  return page.querySelector("[data-error-summary], .summary")?.innerText.trim().replace(/\s*\n\s*/g, " ") ?? "";
}
