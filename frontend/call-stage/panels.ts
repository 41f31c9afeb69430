/* What opens beside the pictures: one panel at a time, <section data-panel="name">, opened and
   closed by <button data-panel-button="name">. On a phone it covers the lower part. */
import type { Phase } from "../lib/machine.ts";
import type { StageFeature } from "./features.ts";
import { part } from "./parts.ts";

export class Panels implements StageFeature {
  readonly actions = { "close-panel": () => this.close() };
  readonly #stage: HTMLElement;
  #open = "";

  constructor(stage: HTMLElement) {
    this.#stage = stage;
    stage.addEventListener("click", ({ target }) => {
      const button =
        target instanceof Element ? target.closest<HTMLElement>("[data-panel-button]") : null;
      if (button) this.toggle(button.dataset.panelButton ?? "");
      // What is done in the pictures, not in the panel.
      else if (target instanceof Element && target.closest("[data-closes-panel]")) this.close();
    });
    // Before the stage's own keys: the first Escape closes the panel, the second minimises.
    part(stage, "panels").addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      this.close();
    });
  }

  turned(phase: Phase): void {
    if (phase !== "active" && phase !== "outgoing") this.#show("");
  }

  toggle(name: string): void {
    if (this.#open === name) this.close();
    else this.#show(name);
    if (this.#open) this.#heading(name)?.focus({ preventScroll: true });
  }

  /** Closes what is open; the focus goes back to its button. */
  close(): void {
    const name = this.#open;
    this.#show("");
    if (name) this.#button(name)?.focus({ preventScroll: true });
  }

  #show(name: string): void {
    if (this.#open === name) return;
    this.#open = name;
    this.#stage.toggleAttribute("data-panel-open", name !== "");
    for (const panel of this.#stage.querySelectorAll<HTMLElement>("[data-panel]"))
      panel.hidden = panel.dataset.panel !== name;
    for (const button of this.#stage.querySelectorAll<HTMLElement>("[data-panel-button]"))
      button.setAttribute("aria-expanded", String(button.dataset.panelButton === name));
    this.#stage.dispatchEvent(new CustomEvent("panel-shown", { detail: name }));
  }

  #heading(name: string): HTMLElement | null {
    return this.#stage.querySelector(`[data-panel="${name}"] h2`);
  }

  #button(name: string): HTMLElement | null {
    return this.#stage.querySelector(`[data-panel-button="${name}"]`);
  }
}
