// Counts a read: once a tab, when the page has been before somebody's eyes for three seconds. No cookie, no person.
const counted = document.querySelector("[data-read]")?.dataset.read;

function once(action) {
  try {
    if (sessionStorage.getItem(counted)) return;
    sessionStorage.setItem(counted, "1");
  } catch {
    // Storage is switched off: counted each time.
  }
  action();
}

if (counted && navigator.sendBeacon && !document.prerendering) {
  let seconds = 0;
  const watch = setInterval(() => {
    seconds += document.visibilityState === "visible" ? 1 : 0;
    if (seconds < 3) return;
    clearInterval(watch);
    once(() => navigator.sendBeacon(counted));
  }, 1000);
}
