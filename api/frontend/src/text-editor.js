// Text files of a draft (names in English, scenarios, bundle.toml, or any as text): saved as one types.
import { changed, keep } from "./studio/saving.js";
import { checkText } from "./studio/check-text.js";

const text = document.querySelector("[data-text]");
const read = async () => text.value;
keep(read);
checkText(read, text);
text.addEventListener("input", changed);
