/* The call has ended, perhaps by the other side: what was received and not saved is offered once
   more, and forgotten when the person closes this. */
import type { Incoming } from "../../lib/files/incoming.ts";
import { save } from "./saving.ts";

export function offerUnsaved(files: Pick<Incoming, "name" | "blob">[]): void {
  const dialog = document.querySelector<HTMLDialogElement>("#unsaved-files");
  const list = dialog?.querySelector("[data-unsaved-list]");
  const template = dialog?.querySelector<HTMLTemplateElement>("[data-unsaved-row]");
  if (!dialog || !list || !template) return;
  const rows = files.flatMap(({ name, blob }) => {
    const row = template.content.firstElementChild?.cloneNode(true);
    if (!(row instanceof HTMLElement) || blob === null) return [];
    const words = row.querySelector("[data-unsaved-name]");
    if (words) words.textContent = name;
    row.querySelector("button")?.addEventListener("click", () => save(blob, name));
    return [row];
  });
  list.replaceChildren(...rows);
  dialog.addEventListener("close", () => list.replaceChildren(), { once: true });
  // The stage has shut off all that lies behind it.
  dialog.inert = false;
  if (!dialog.open) dialog.showModal();
}
