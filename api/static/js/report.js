// When danger is chosen, the numbers to call come into sight. Without this file they stand above the form all the same.
const urgent = document.querySelector("[data-urgent]");

document.querySelector("[data-report]")?.addEventListener("change", (event) => {
  if (event.target.name !== "urgency") return;
  const danger = event.target.value.startsWith("danger");
  urgent.classList.toggle("now", danger);
  if (danger) urgent.scrollIntoView({ block: "start" });
});
