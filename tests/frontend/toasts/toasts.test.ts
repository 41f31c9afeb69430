// @vitest-environment jsdom
import { beforeEach, expect, test } from "vitest";
import { registerToasts, showToast } from "../../../frontend/toasts/toasts.ts";

beforeEach(() => {
  document.body.innerHTML = `
    <div id="toasts" data-text-offline="offline" data-text-error="failed" data-text-too-large="too large"></div>
    <template id="toast-template"><div data-toast><p class="toast__text"></p></div></template>`;
});

function texts(): (string | null)[] {
  return [...document.querySelectorAll("#toasts .toast__text")].map((line) => line.textContent);
}

test("what is said again and again stands there once, as the last", () => {
  for (const text of ["no connection", "saved", "no connection", "no connection"])
    showToast(text, "error");

  expect(texts()).toEqual(["saved", "no connection"]);
});

test.each([
  [undefined, ["offline"]],
  [408, ["failed"]],
  [413, ["too large"]],
  [422, []],
  [503, ["failed"]],
])("an answer of %s that is no page is explained", (status, expected) => {
  registerToasts();
  const ctx = status === undefined ? {} : { response: { status } };

  document.dispatchEvent(new CustomEvent("htmx:response:error", { detail: { ctx } }));

  expect(texts()).toEqual(expected);
});
