/** Opens <dialog>s from links that lead to the same question as a page of its own. */

function dialogFor(link: Element): HTMLDialogElement | null {
  const found = document.getElementById(link.getAttribute("data-dialog") ?? "");
  return found instanceof HTMLDialogElement ? found : null;
}

function onClick(event: MouseEvent): void {
  if (!(event.target instanceof Element)) return;
  if (event.target instanceof HTMLDialogElement) {
    closeFromBackdrop(event, event.target);
    return;
  }
  if (event.target.closest("[data-dialog-close]")) event.target.closest("dialog")?.close();
  const link = event.target.closest("[data-dialog]");
  const dialog = link && dialogFor(link);
  if (!dialog || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  dialog.showModal();
}

function closeFromBackdrop(event: MouseEvent, dialog: HTMLDialogElement): void {
  const box = dialog.getBoundingClientRect();
  const inside =
    event.clientX >= box.left &&
    event.clientX <= box.right &&
    event.clientY >= box.top &&
    event.clientY <= box.bottom;
  if (!inside && dialog.matches(".dialog")) dialog.close();
}

export function registerDialogs(): void {
  document.addEventListener("click", onClick);
}
