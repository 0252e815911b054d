// What is not saved yet is kept in this browser meanwhile: a tab that dies within the pause before saving loses nothing.
import { ask, setup } from "./page.js";

const KEY = `unsaved ${setup.draft} ${setup.name}`;

export function hold(number, content) {
  try {
    localStorage.setItem(KEY, JSON.stringify({ number, content }));
  } catch (error) {
    console.warn(error); // the browser's room is full or closed: it is saved a moment later all the same
  }
}

export function release() {
  localStorage.removeItem(KEY);
}

// What an earlier tab kept and did not save; null where nothing differs from what is shown now.
export function held(shown) {
  const kept = JSON.parse(localStorage.getItem(KEY) ?? "null");
  if (kept && kept.content !== shown) return kept;
  release();
  return null;
}

// Save what was kept over the state that it began from. False where somebody has saved another one since.
export async function takeUp(file, { number, content }) {
  const answer = await ask(file, { method: "PUT", body: content, headers: { "If-Match": `"${number}"` } });
  if (!answer.ok && answer.status !== 412) throw new Error((await answer.json()).detail);
  if (answer.ok) release();
  return answer.ok;
}
