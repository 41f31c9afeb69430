/* When this computer may have come to stand in another network, or has slept: what the browser
   tells of it, and what can be noticed without being told. */

interface Connection extends EventTarget {
  readonly type?: string;
}

const TICK = 2_000;
/** Timers of hidden pages are late by a second or so; only a computer that slept is so late. */
const SLEPT = 10_000;

export function onOtherNetwork(listener: () => void): void {
  addEventListener("online", listener);
  // Chromium's name for a page that goes on after having been frozen.
  document.addEventListener("resume", listener);
  const { connection } = navigator as Navigator & { connection?: Connection };
  let type = connection?.type;
  connection?.addEventListener("change", () => {
    // It also fires for every new guess about the speed.
    if (connection.type === type) return;
    type = connection.type;
    if (navigator.onLine) listener();
  });
  let before = Date.now();
  setInterval(() => {
    const now = Date.now();
    if (now - before > TICK + SLEPT) listener();
    before = now;
  }, TICK);
}
