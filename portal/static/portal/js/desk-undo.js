// The seconds in which a move can be taken back, counted down; then the page says what became of it.
const form = document.querySelector("[data-undo]");
const shown = form?.querySelector("[data-undo-left]");
let left = Number(form?.dataset.undo);

if (shown && left > 0) {
  const words = shown.textContent;
  const clock = setInterval(() => {
    left -= 1;
    shown.textContent = left > 0 ? words.replace(/\d+/, left) : "";
    if (left > 0) return;
    clearInterval(clock);
    // The office's clock makes the move within some seconds more.
    setTimeout(() => location.reload(), 5000);
  }, 1000);
}
