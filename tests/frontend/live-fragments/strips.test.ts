// @vitest-environment jsdom
import { expect, test } from "vitest";
import { registerStrips } from "../../../frontend/live-fragments/strips.ts";

function box(left: number, width: number): DOMRect {
  return { left, width } as DOMRect;
}

test("a strip that is too long shows the page that one is on", () => {
  document.body.innerHTML =
    '<ul class="settings__list"><li><a aria-current="page">Logs</a></li></ul><nav class="filters"></nav>';
  const strip = document.querySelector<HTMLElement>(".settings__list") as HTMLElement;
  const here = document.querySelector<HTMLElement>("a") as HTMLElement;
  Object.defineProperties(strip, {
    scrollWidth: { value: 900 },
    clientWidth: { value: 360 },
  });
  strip.getBoundingClientRect = () => box(16, 360);
  here.getBoundingClientRect = () => box(616, 100);

  registerStrips();

  expect(strip.scrollLeft).toBe(470);
});
