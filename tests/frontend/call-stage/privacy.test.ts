// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Privacy } from "../../../frontend/call-stage/privacy/privacy.ts";
import type { CallSession } from "../../../frontend/lib/session.ts";
import { Words } from "../../../frontend/lib/words.ts";
import { active, callState } from "../fakes/calls.ts";

const NAMES = `route route-word route-title route-text route-facts code alarm code-block
  code-waiting code-result code-buttons compare-again strip strip-names`.split(/\s+/);

let call = callState(active);
let stage: HTMLElement;
let privacy: Privacy;

beforeEach(() => {
  vi.useFakeTimers();
  call = callState(active);
  for (const person of call.participants) person.joined = true;
  stage = document.createElement("div");
  for (const name of NAMES) {
    const part = document.createElement("p");
    part.dataset.part = name;
    stage.append(part);
  }
  shown().dataset.textSoon = "being made";
  shown().dataset.textLong = "not now";
  // Nobody's connection has a certificate that is known: the code can never be made.
  const session = {
    machine: { phase: "active", call },
    room: null,
    words: new Words(() => null),
  } as unknown as CallSession;
  privacy = new Privacy(stage, session);
});

afterEach(() => {
  privacy.turned("ended");
  vi.useRealTimers();
});

function shown(): HTMLElement {
  return stage.querySelector<HTMLElement>('[data-part="code-waiting"]') as HTMLElement;
}

test("a code that can never be made is said to be missing, without an alarm", async () => {
  privacy.turned("active");
  await vi.advanceTimersByTimeAsync(15_000);
  expect(shown().textContent).toBe("being made");

  await vi.advanceTimersByTimeAsync(8_000);
  expect(shown().textContent).toBe("not now");
  expect(stage.hasAttribute("data-alarm")).toBe(false);
  expect(shown().hidden).toBe(false);
});

test("who is alone in the call is not told to reload", async () => {
  for (const person of call.participants.slice(1)) person.joined = false;
  privacy.turned("active");
  await vi.advanceTimersByTimeAsync(60_000);

  expect(shown().textContent).toBe("being made");
});
