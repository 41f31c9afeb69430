// @vitest-environment jsdom
/* The list of the people in a call: each button says whom it removes. */
import { beforeEach, expect, test } from "vitest";
import { People } from "../../../frontend/call-stage/people/people.ts";
import type { CallState } from "../../../frontend/lib/protocol.ts";
import type { CallSession } from "../../../frontend/lib/session.ts";
import { active, callState } from "../fakes/calls.ts";

const MARKUP = `<div id="stage">
  <ul data-part="people-list"></ul>
  <p data-part="people-news"></p>
  <div data-part="tiles" data-text-role-relative="Angehörige/r"></div>
  <template data-part="person-template"><li>
    <b data-part="person-name"></b><i data-part="person-role"></i><i data-part="person-me"></i>
    <button data-part="person-remove" data-remove-step="ask" data-text-of="{name} entfernen" hidden>Entfernen</button>
    <div data-part="person-sure" hidden></div>
  </li></template>
</div>`;

beforeEach(() => {
  document.body.innerHTML = MARKUP;
});

/** The names of the buttons that can be pressed. */
function buttons(changes: Partial<CallState> = {}): (string | null)[] {
  const call = callState({ ...active, ...changes });
  const others = ["Rita Relative", "Karl $& Kollege"].map((name) => ({
    code: name,
    name,
    other_name: "",
    mode: "" as const,
    role: "relative" as const,
    joined: true,
  }));
  call.participants = [...call.participants, ...others];
  const session = { machine: { call, phase: "active" } } as unknown as CallSession;
  new People(document.getElementById("stage") as HTMLElement, session).render();
  const shown = document.querySelectorAll("[data-part=person-remove]:not([hidden])");
  return [...shown].map((button) => button.getAttribute("aria-label"));
}

test("each button names whom it removes, as they wrote themselves", () => {
  expect(buttons()).toEqual([
    "Erika Mustermann entfernen",
    "Rita Relative entfernen",
    "Karl $& Kollege entfernen",
  ]);
});

test("who is not the host removes nobody", () => {
  expect(buttons({ initiated_by_me: false })).toEqual([]);
});
