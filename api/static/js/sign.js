// Drawing a signature: strokes on a canvas become a PNG in the form. Whoever cannot draw signs on paper instead.

const form = document.querySelector("[data-signing]");
if (form) {
  const canvas = form.querySelector("canvas");
  const pen = canvas.getContext("2d");
  let last = null;
  let drawn = 0;
  for (const tool of form.querySelectorAll("[data-needs-script]")) tool.hidden = false;
  clear();

  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    last = at(event);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!last) return;
    const next = at(event);
    pen.beginPath();
    pen.moveTo(last.x, last.y);
    pen.lineTo(next.x, next.y);
    pen.stroke();
    drawn += Math.hypot(next.x - last.x, next.y - last.y);
    last = next;
    event.preventDefault();
  });
  for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => (last = null));
  form.querySelector("[data-clear]").addEventListener("click", clear);
  form.addEventListener("submit", () => {
    form.elements.drawing.value = drawn > 40 ? canvas.toDataURL("image/png") : "";
  });

  function at(event) {
    const box = canvas.getBoundingClientRect();
    const scale = canvas.width / box.width;
    return { x: (event.clientX - box.left) * scale, y: (event.clientY - box.top) * scale };
  }

  function clear() {
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.strokeStyle = "#111";
    pen.lineWidth = 4;
    pen.lineCap = "round";
    drawn = 0;
  }
}
