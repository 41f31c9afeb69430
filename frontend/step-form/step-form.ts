/**
 * <step-form>: shows the [data-step] parts of one long form one after the other.
 * Nothing leaves the browser before the last step; without JavaScript the form is just long.
 * What stands in [data-kinds] is there for those values of the radio buttons (or hidden field) "kind".
 */

import { showErrorsIn } from "../forms/validation.ts";

class StepForm extends HTMLElement {
  #now = 0;

  connectedCallback(): void {
    this.dataset.alive = "";
    this.addEventListener("click", this.#onClick);
    this.addEventListener("keydown", this.#onKey);
    this.addEventListener("change", this.#showKind);
    this.#showKind();
    const firstWrong = this.#steps.findIndex((step) => step.querySelector(".field--invalid"));
    this.#show(Math.max(0, firstWrong), false);
  }

  disconnectedCallback(): void {
    this.removeEventListener("click", this.#onClick);
    this.removeEventListener("keydown", this.#onKey);
    this.removeEventListener("change", this.#showKind);
  }

  get #steps(): HTMLElement[] {
    return [...this.querySelectorAll<HTMLElement>("[data-step]")];
  }

  readonly #onClick = (event: MouseEvent): void => {
    const target = event.target instanceof Element ? event.target : null;
    const go = target?.closest<HTMLElement>("[data-step-go]");
    if (target?.closest("[data-step-next]")) this.#advance();
    else if (target?.closest("[data-step-back]")) this.#show(this.#now - 1, true);
    else if (go) this.#show(Number(go.dataset.stepGo), true);
    else this.#followSummary(event, target);
  };

  readonly #showKind = (): void => {
    const kind = 'input[name="kind"]:is(:checked, [type="hidden"])';
    const chosen = this.querySelector<HTMLInputElement>(kind)?.value;
    if (chosen === undefined) return;
    for (const part of this.querySelectorAll<HTMLElement>("[data-kinds]")) {
      part.hidden = !part.dataset.kinds?.split(" ").includes(chosen);
      if (part instanceof HTMLFieldSetElement) part.disabled = part.hidden;
    }
  };

  /** Enter goes on, instead of sending a form whose next steps nobody has seen. */
  readonly #onKey = (event: KeyboardEvent): void => {
    const inField = event.target instanceof HTMLInputElement;
    if (event.key !== "Enter" || !inField || this.#now === this.#steps.length - 1) return;
    event.preventDefault();
    this.#advance();
  };

  /** A link of the error summary may point into a step that is not shown. */
  #followSummary(event: MouseEvent, target: Element | null): void {
    const id = target?.closest('.error-summary a[href^="#"]')?.getAttribute("href")?.slice(1);
    const control = id ? document.getElementById(id) : null;
    const index = this.#steps.findIndex((step) => step.contains(control));
    if (!control || index < 0) return;
    event.preventDefault();
    this.#show(index, false);
    control.focus();
  }

  #advance(): void {
    const step = this.#steps[this.#now];
    if (step && !showErrorsIn(step)) this.#show(this.#now + 1, true);
  }

  #show(index: number, moveFocus: boolean): void {
    const steps = this.#steps;
    this.#now = Math.min(Math.max(0, index), steps.length - 1);
    steps.forEach((step, position) => {
      step.hidden = position !== this.#now;
    });
    this.querySelectorAll("[data-steps] > li").forEach((item, position) => {
      item.toggleAttribute("data-done", position < this.#now);
      if (position === this.#now) item.setAttribute("aria-current", "step");
      else item.removeAttribute("aria-current");
    });
    this.#fillReview();
    if (!moveFocus) return;
    steps[this.#now]?.querySelector<HTMLElement>(".step__title")?.focus({ preventScroll: true });
    this.scrollIntoView({ block: "start" });
  }

  #fillReview(): void {
    for (const place of this.querySelectorAll<HTMLElement>("[data-review]")) {
      const ids = (place.dataset.review ?? "").split(" ");
      const words = ids.map(shownValue).filter((word) => word !== "");
      place.textContent = words.join(" ") || (place.dataset.empty ?? "");
    }
  }
}

function shownValue(id: string): string {
  const control = document.getElementById(id);
  if (control instanceof HTMLSelectElement) return control.selectedOptions[0]?.text ?? "";
  return control instanceof HTMLInputElement ? control.value.trim() : "";
}

export function registerStepForm(): void {
  customElements.define("step-form", StepForm);
}
