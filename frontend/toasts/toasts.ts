/** Short notices at the edge of the page. The markup stands in core/components/_toasts.html. */

export type ToastKind = "success" | "info" | "error";

const READING_TIME_MS = 8000;
const REINSERT_AFTER_MS = 150;
/* The two answers of the server's that are no pages: see noSwap in core/base.html. */
const TOO_SLOW = 408;
const TOO_LARGE = 413;

function region(): HTMLElement | null {
  return document.getElementById("toasts");
}

/** Shows `text`; errors stay until they are closed. Said again, it takes the place of the first. */
export function showToast(text: string, kind: ToastKind = "info"): void {
  const template = document.getElementById("toast-template");
  if (!text || !(template instanceof HTMLTemplateElement)) return;
  const toast = template.content.firstElementChild?.cloneNode(true);
  if (!(toast instanceof HTMLElement)) return;
  toast.classList.add(`toast--${kind}`);
  const line = toast.querySelector(".toast__text");
  if (line) line.textContent = text;
  for (const shown of region()?.querySelectorAll(".toast__text") ?? [])
    if (shown.textContent === text) shown.closest("[data-toast]")?.remove();
  region()?.append(toast);
}

/** A toast leaves by itself after a while, but never while somebody points at it or is inside. */
function scheduleEnd(toast: HTMLElement): void {
  if (toast.dataset.scheduled || toast.matches(".toast--error, .toast--warning")) return;
  toast.dataset.scheduled = "yes";
  const leave = (): void => {
    if (toast.matches(":hover, :focus-within")) setTimeout(leave, READING_TIME_MS);
    else toast.remove();
  };
  setTimeout(leave, READING_TIME_MS);
}

/** A live region only announces what arrives after it: put the server's messages in once more. */
function announceFirst(toasts: HTMLElement): void {
  const first = [...toasts.querySelectorAll<HTMLElement>("[data-toast]")];
  for (const toast of first) toast.remove();
  setTimeout(() => toasts.append(...first), REINSERT_AFTER_MS);
}

function onFailedSwap(event: Event): void {
  const detail = (event as CustomEvent<{ ctx?: { response?: { status?: number } } }>).detail;
  const status = detail?.ctx?.response?.status;
  const texts = region()?.dataset;
  if (status === undefined) showToast(texts?.textOffline ?? "", "error");
  else if (status === TOO_LARGE) showToast(texts?.textTooLarge ?? "", "error");
  else if (status === TOO_SLOW || status >= 500) showToast(texts?.textError ?? "", "error");
}

export function registerToasts(): void {
  const toasts = region();
  if (!toasts) return;
  new MutationObserver(() => {
    for (const toast of toasts.querySelectorAll<HTMLElement>("[data-toast]")) scheduleEnd(toast);
  }).observe(toasts, { childList: true });
  announceFirst(toasts);
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element && event.target.closest("[data-toast-close]");
    if (button) button.closest("[data-toast]")?.remove();
  });
  document.addEventListener("htmx:response:error", onFailedSwap);
  document.addEventListener("htmx:error", onFailedSwap);
}
