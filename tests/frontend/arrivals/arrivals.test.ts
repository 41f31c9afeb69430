// @vitest-environment jsdom
/* A18: while the professional is in a call nothing sounds, pops up or takes the focus. */
import { beforeEach, expect, test, vi } from "vitest";
import { CalmNews, registerArrivals } from "../../../frontend/arrivals/arrivals.ts";
import { CallMachine } from "../../../frontend/lib/machine.ts";
import { Tones } from "../../../frontend/lib/tones.ts";
import { callState } from "../fakes/calls.ts";

const TEMPLATE = `
  <div id="toasts"></div>
  <template id="toast-template"><div data-toast><p class="toast__text"></p></div></template>
  <button id="work"></button>`;

let machine: CallMachine;
let news: CalmNews;
const tones = new Tones();
const chime = vi.spyOn(tones, "chime").mockImplementation(() => undefined);

function tell(type: string, text: string): void {
  document.body.dispatchEvent(new CustomEvent(type, { detail: { text } }));
}

function toasts(): (string | null)[] {
  return [...document.querySelectorAll(".toast__text")].map(({ textContent }) => textContent);
}

/* The listeners on <body> are one page's: made once, with whatever is current. */
registerArrivals(
  new (class extends CalmNews {
    constructor() {
      super(() => machine.isInCall);
      news = this;
    }
  })(),
  tones,
);

beforeEach(() => {
  machine = new CallMachine();
  news.release();
  document.body.innerHTML = TEMPLATE;
  chime.mockClear();
});

test("an arrival is a calm toast with the name, and one soft tone", () => {
  tell("guest-arrived", "Paul Patient ist im Wartezimmer");

  expect(toasts()).toEqual(["Paul Patient ist im Wartezimmer"]);
  expect(chime).toHaveBeenCalledTimes(1);
});

test.each(["outgoing", "incoming", "active", "elsewhere"] as const)(
  "three arrivals during a call (%s) make no sound, no toast and move no focus",
  (phase) => {
    machine.phase = phase;
    document.getElementById("work")?.focus();
    const play = vi.spyOn(HTMLMediaElement.prototype, "play");

    for (const name of ["Paul", "Erika", "Ayşe"]) tell("guest-arrived", `${name} ist da`);

    expect(toasts()).toEqual([]);
    expect(chime).not.toHaveBeenCalled();
    expect(play).not.toHaveBeenCalled();
    expect(document.activeElement?.id).toBe("work");
    machine.phase = "idle";
    news.release();
    expect(toasts()).toEqual([]); // they stand in the list by now
  },
);

test("who cancels during a call is told of afterwards", () => {
  machine.apply(callState({ state: "active" }));
  tell("guest-cancelled", "Paul hat abgesagt");
  news.tell("Nicht zugestellt", "error");
  news.release();
  expect(toasts()).toEqual([]);

  machine.close();
  news.release();

  expect(toasts()).toEqual(["Paul hat abgesagt", "Nicht zugestellt"]);
});
