/* The form that adds a person: sends what was typed, and shows what the server found beside the
   fields; what was typed stays until it is accepted. */
import { part, write } from "../parts.ts";

/** The errors by field; null once the person is added. */
type Send = (body: Record<string, unknown>) => Promise<Record<string, string> | null>;

export class PersonForm {
  readonly #form: HTMLFormElement;
  readonly #send: Send;

  constructor(stage: HTMLElement, send: Send) {
    this.#form = part<HTMLFormElement>(stage, "person-form");
    this.#send = send;
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#submit();
    });
  }

  clear(): void {
    this.#form.reset();
    this.#complain({});
  }

  async #submit(): Promise<void> {
    const form = this.#form;
    if (form.hasAttribute("aria-busy")) return;
    form.setAttribute("aria-busy", "true");
    const values = Object.fromEntries(new FormData(form)) as Record<string, unknown>;
    const errors = await this.#send({ ...values, consent: values.consent === "on" });
    form.removeAttribute("aria-busy");
    if (errors === null) this.clear();
    else this.#complain(errors);
  }

  #complain(errors: Record<string, string>): void {
    let first: HTMLElement | null = null;
    for (const text of this.#form.querySelectorAll<HTMLElement>("[data-error]")) {
      const name = text.dataset.error ?? "";
      const control = this.#form.elements.namedItem(name);
      write(text, errors[name] ?? "");
      text.hidden = !errors[name];
      text.closest(".field")?.classList.toggle("field--invalid", Boolean(errors[name]));
      if (!(control instanceof HTMLElement)) continue;
      control.toggleAttribute("aria-invalid", Boolean(errors[name]));
      if (errors[name]) control.setAttribute("aria-invalid", "true");
      if (errors[name]) first ??= control;
    }
    first?.focus();
  }
}
