/** Keeps `<time datetime data-since data-text-new data-text-minutes>` saying how long it has been. */

const EVERY_MS = 15_000;
const MINUTE_MS = 60_000;

/** "has just arrived", then "waiting for 3 min." from the page's own texts. */
export function sinceText(started: Date, now: Date, justNow: string, minutes: string): string {
  const passed = Math.floor((now.getTime() - started.getTime()) / MINUTE_MS);
  return passed < 1 ? justNow : minutes.replace("{n}", String(passed));
}

function update(): void {
  for (const element of document.querySelectorAll<HTMLTimeElement>("time[data-since]")) {
    const { textNew = "", textMinutes = "" } = element.dataset;
    const text = sinceText(new Date(element.dateTime), new Date(), textNew, textMinutes);
    if (element.textContent !== text) element.textContent = text;
  }
}

export function registerSince(): void {
  setInterval(update, EVERY_MS);
  document.addEventListener("visibilitychange", update);
}
