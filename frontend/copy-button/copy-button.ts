/** <button data-copy="text" data-copied="Link kopiert"><span data-copy-label>…</span></button> */

import { showToast } from "../toasts/toasts.ts";

const SHOWN_MS = 2000;

async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

/** Browsers offer the clipboard on secure addresses only; a practice's own network may be plain. */
function copyBySelection(text: string): boolean {
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "visually-hidden";
  (document.querySelector("dialog[open]") ?? document.body).append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  return done;
}

async function onClick(event: MouseEvent): Promise<void> {
  const button =
    event.target instanceof Element ? event.target.closest<HTMLElement>("[data-copy]") : null;
  if (!button) return;
  if (!(await copy(button.dataset.copy ?? ""))) {
    showToast(button.dataset.copy ?? "", "info");
    return;
  }
  showToast(button.dataset.copied ?? "", "success");
  const label = button.querySelector<HTMLElement>("[data-copy-label]");
  if (!label || label.dataset.original) return;
  label.dataset.original = label.textContent ?? "";
  label.textContent = button.dataset.copied ?? label.textContent;
  setTimeout(() => {
    label.textContent = label.dataset.original ?? "";
    delete label.dataset.original;
  }, SHOWN_MS);
}

export function registerCopyButtons(): void {
  document.addEventListener("click", (event) => void onClick(event));
}
