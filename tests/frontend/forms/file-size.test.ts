// @vitest-environment jsdom

import { beforeEach, expect, it } from "vitest";
import { showErrorOf } from "../../../frontend/forms/validation.ts";

function field(size: number): HTMLInputElement {
  document.body.innerHTML = `<div class="field">
    <input class="control" type="file" id="f" data-max-octets="100" data-text-too-large="Zu groß.">
    <p class="field__error" id="f_error" hidden><span data-error-text></span></p></div>`;
  const control = document.querySelector<HTMLInputElement>("#f");
  if (!control) throw new Error("no field");
  Object.defineProperty(control, "files", { value: [new File(["x".repeat(size)], "a.pdf")] });
  return control;
}

beforeEach(() => document.body.replaceChildren());

it("a file that the server would not take is refused before it is sent", () => {
  const control = field(101);

  expect(showErrorOf(control)).toBe(false);
  expect(document.querySelector("[data-error-text]")?.textContent).toBe("Zu groß.");
  expect(control.getAttribute("aria-invalid")).toBe("true");
});

it("a smaller one is taken, and the sentence goes away", () => {
  expect(showErrorOf(field(100))).toBe(true);
  expect(document.querySelector<HTMLElement>("#f_error")?.hidden).toBe(true);
});
