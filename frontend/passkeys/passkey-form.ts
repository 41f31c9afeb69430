/** <passkey-form data-passkey="create|get" data-options="{…}"> around a form with an empty field
    `credential`: the first press asks the browser, the second sending carries its answer.
    With data-from in place of data-options the options are fetched at the press. Where the browser
    knows no passkeys, a form that came hidden stays so. */

import { creationOptions, credentialJSON, requestOptions } from "./credentials.ts";

type Problem = "cancelled" | "known" | "unsupported" | "failed";

function problemOf(error: unknown): Problem {
  const name = error instanceof DOMException ? error.name : "";
  if (name === "NotAllowedError" || name === "AbortError") return "cancelled";
  if (name === "InvalidStateError") return "known";
  return name === "NotSupportedError" || name === "ConstraintError" ? "unsupported" : "failed";
}

class PasskeyForm extends HTMLElement {
  connectedCallback(): void {
    if ("PublicKeyCredential" in window) this.hidden = false;
    // Before htmx, which listens on the form itself.
    this.addEventListener("submit", this.#onSubmit, { capture: true });
  }

  disconnectedCallback(): void {
    this.removeEventListener("submit", this.#onSubmit, { capture: true });
  }

  readonly #onSubmit = (event: SubmitEvent): void => {
    const form = event.target as HTMLFormElement;
    const field = form.elements.namedItem("credential");
    if (!(field instanceof HTMLInputElement) || field.value) return;
    event.preventDefault();
    event.stopPropagation();
    if (this.getAttribute("aria-busy") === "true") return;
    void this.#ask(form, field, event.submitter);
  };

  async #ask(
    form: HTMLFormElement,
    field: HTMLInputElement,
    button: Element | null,
  ): Promise<void> {
    this.#show(null);
    this.setAttribute("aria-busy", "true");
    button?.setAttribute("aria-busy", "true");
    try {
      field.value = JSON.stringify(credentialJSON(await this.#credential()));
      form.requestSubmit();
    } catch (error) {
      this.#show(problemOf(error));
    } finally {
      this.removeAttribute("aria-busy");
      button?.removeAttribute("aria-busy");
    }
  }

  async #credential(): Promise<PublicKeyCredential> {
    if (!("PublicKeyCredential" in window)) throw new DOMException("", "NotSupportedError");
    const options = await this.#options();
    const credential =
      this.dataset.passkey === "create"
        ? await navigator.credentials.create(creationOptions(options))
        : await navigator.credentials.get(requestOptions(options));
    if (!(credential instanceof PublicKeyCredential)) throw new DOMException("", "AbortError");
    return credential;
  }

  async #options(): Promise<Parameters<typeof creationOptions>[0]> {
    const { options, from } = this.dataset;
    if (options) return JSON.parse(options);
    const answer = await fetch(from ?? "", { headers: { Accept: "application/json" } });
    return (await answer.json()).request_options;
  }

  #show(problem: Problem | null): void {
    const line = this.querySelector<HTMLElement>("[data-passkey-error]");
    const text = line?.querySelector("[data-passkey-text]");
    if (!line || !text) return;
    line.hidden = problem === null;
    text.textContent =
      (problem && line.dataset[`text${problem[0]?.toUpperCase()}${problem.slice(1)}`]) ?? "";
  }
}

export function registerPasskeyForm(): void {
  customElements.define("passkey-form", PasskeyForm);
}
