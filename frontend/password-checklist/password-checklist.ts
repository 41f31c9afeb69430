/** <password-checklist for="id_password1">: ticks [data-rule] lines off while one types. */

import { metRules, type Rule } from "./rules.ts";

class PasswordChecklist extends HTMLElement {
  #input: HTMLInputElement | null = null;

  connectedCallback(): void {
    const input = document.getElementById(this.getAttribute("for") ?? "");
    if (!(input instanceof HTMLInputElement)) return;
    this.#input = input;
    input.addEventListener("input", this.#update);
    this.#update();
  }

  disconnectedCallback(): void {
    this.#input?.removeEventListener("input", this.#update);
  }

  readonly #update = (): void => {
    const met = metRules(this.#input?.value ?? "");
    for (const line of this.querySelectorAll<HTMLElement>("[data-rule]")) {
      line.toggleAttribute("data-met", met.has(line.dataset.rule as Rule));
    }
  };
}

export function registerPasswordChecklist(): void {
  customElements.define("password-checklist", PasswordChecklist);
}
