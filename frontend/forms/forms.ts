/** What every form[data-form] gets: messages beside fields, no double sending, visible passwords. */

import { showErrorOf, showErrorsIn } from "./validation.ts";

function onSubmit(event: SubmitEvent): void {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !form.matches("[data-form]")) return;
  if (form.dataset.sending !== undefined || showErrorsIn(form)) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  form.dataset.sending = "";
  event.submitter?.setAttribute("aria-busy", "true");
}

/** A page that comes back from the browser's memory, or a swap that failed, can be sent again. */
function release(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-sending]")) {
    delete form.dataset.sending;
    for (const button of form.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
  }
}

/** A message goes away as soon as what it complains about is put right. */
function onInput(event: Event): void {
  const control = event.target;
  if (!(control instanceof HTMLInputElement || control instanceof HTMLSelectElement)) return;
  if (control.closest("[data-form] .field--invalid")) showErrorOf(control);
}

function onClick(event: MouseEvent): void {
  const button =
    event.target instanceof Element ? event.target.closest<HTMLElement>("[data-reveal]") : null;
  const input = document.getElementById(button?.dataset.reveal ?? "");
  if (!button || !(input instanceof HTMLInputElement)) return;
  const reveal = input.type === "password";
  input.type = reveal ? "text" : "password";
  button.setAttribute("aria-pressed", String(reveal));
  input.focus();
}

/** `data-toggles="id_email"` on a check box: the field belongs to that choice only. */
function applyToggles(): void {
  for (const box of document.querySelectorAll<HTMLInputElement>("[data-toggles]")) {
    const control = document.getElementById(box.dataset.toggles ?? "");
    const field = control?.closest<HTMLElement>(".field");
    if (!(control instanceof HTMLInputElement) || !field) continue;
    field.hidden = !box.checked;
    control.disabled = !box.checked;
    control.required = box.checked;
  }
}

function enliven(): void {
  for (const button of document.querySelectorAll<HTMLElement>("[data-reveal]")) {
    button.hidden = false;
  }
  applyToggles();
}

export function registerForms(): void {
  document.addEventListener("submit", onSubmit, { capture: true });
  document.addEventListener("input", onInput);
  document.addEventListener("click", onClick);
  document.addEventListener("change", applyToggles);
  document.addEventListener("htmx:finally:request", release);
  document.addEventListener("htmx:after:swap", enliven);
  addEventListener("pageshow", release);
  enliven();
  document.querySelector<HTMLElement>("[data-error-summary]")?.focus();
}
