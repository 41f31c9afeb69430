// @vitest-environment jsdom
import { beforeEach, expect, test } from "vitest";
import { showToast } from "../../../frontend/toasts/toasts.ts";

beforeEach(() => {
  document.body.innerHTML = `
    <div id="toasts"></div>
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
