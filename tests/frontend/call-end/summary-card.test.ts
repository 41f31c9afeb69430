// @vitest-environment jsdom
/* The last card of a call: what it shows, and what one tap does to it. */
import { beforeEach, expect, test, vi } from "vitest";
import { SummaryCard } from "../../../frontend/call-end/summary-card.ts";
import type { CallSummary } from "../../../frontend/lib/summary.ts";

const MARKUP = `<div id="card" hidden>
  <b data-part="summary-length"></b>
  <p data-part="summary-mode" hidden data-text-direct="direkt" data-text-relayed="über Relay"><b data-part="summary-mode-text"></b></p>
  <div data-part="rating" hidden>
    <div data-part="rating-question"><button data-score="3"><i>Gut</i></button><button data-score="1">Schlecht</button></div>
    <p data-part="rating-said" tabindex="-1" data-text-thanks="Danke" data-text-failed="Ging nicht"></p>
  </div>
</div>`;

const rate = vi.fn<(score: number) => Promise<boolean>>();

function part(name: string): HTMLElement {
  return document.querySelector(`[data-part="${name}"]`) as HTMLElement;
}

function summary(changes: Partial<CallSummary> = {}): CallSummary {
  return { seconds: 750, mode: "direct", may_rate: true, ...changes };
}

async function tap(score: number): Promise<void> {
  const button = document.querySelector<HTMLElement>(`[data-score="${score}"]`);
  button?.focus();
  (button?.firstElementChild ?? button)?.dispatchEvent(new MouseEvent("click", { bubbles: true }));
  await vi.waitFor(() => expect(part("rating").hasAttribute("aria-busy")).toBe(false));
}

let card: SummaryCard;

beforeEach(() => {
  document.body.innerHTML = MARKUP;
  rate.mockReset().mockResolvedValue(true);
  card = new SummaryCard(document.getElementById("card") as HTMLElement, rate);
});

test("says how long it took and how it ran", () => {
  card.show(summary({ mode: "relayed" }));

  expect(document.getElementById("card")?.hidden).toBe(false);
  expect(part("summary-length").textContent).toBe("12:30");
  expect([part("summary-mode").hidden, part("summary-mode-text").textContent]).toEqual([
    false,
    "über Relay",
  ]);
});

test("says nothing of a connection that nobody measured", () => {
  card.show(summary({ mode: "" }));

  expect(part("summary-mode").hidden).toBe(true);
});

test("one tap is sent once, thanked for, and stays so when the card is looked at again", async () => {
  card.show(summary());
  const first = tap(3);
  const second = tap(1);
  await Promise.all([first, second]);
  card.show(summary({ mode: "relayed" }));

  expect(rate.mock.calls).toEqual([[3]]);
  expect(part("rating-question").hidden).toBe(true);
  expect(part("rating-said").textContent).toBe("Danke");
  expect(document.activeElement).toBe(part("rating-said"));
});

test("what did not arrive can be tapped again", async () => {
  rate.mockResolvedValueOnce(false);
  card.show(summary());
  await tap(1);
  const said = part("rating-said").textContent;
  const isOffered = !part("rating-question").hidden;
  await tap(1);

  expect([said, isOffered, part("rating-said").textContent]).toEqual(["Ging nicht", true, "Danke"]);
});

test("nobody is asked who cannot answer, and the next call asks anew", async () => {
  card.show(summary({ may_rate: false }));
  const wasAsked = !part("rating").hidden;
  card.clear();
  card.show(summary());

  expect([wasAsked, part("rating").hidden]).toEqual([false, false]);
});
