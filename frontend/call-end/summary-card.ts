/* How the call was, on both sides' last page: duration, connection, and one tap about quality.
   calls/_summary.html has the markup. */
import { part, sentence, write } from "../call-stage/parts.ts";
import { formatDuration } from "../lib/clock.ts";
import type { CallSummary } from "../lib/summary.ts";

export class SummaryCard {
  readonly #root: HTMLElement;
  readonly #rate: (score: number) => Promise<boolean>;
  #isShown = false;

  /** `rate` tells whether the score was counted. */
  constructor(root: HTMLElement, rate: (score: number) => Promise<boolean>) {
    this.#root = root;
    this.#rate = rate;
    this.#part("rating").addEventListener("click", ({ target }) => {
      const button = target instanceof Element ? target.closest<HTMLElement>("[data-score]") : null;
      if (button) void this.#tapped(Number(button.dataset.score));
    });
  }

  show(summary: CallSummary): void {
    const mode = this.#part("summary-mode");
    write(this.#part("summary-length"), formatDuration(summary.seconds));
    write(this.#part("summary-mode-text"), sentence(mode, summary.mode || "unknown"));
    mode.hidden = summary.mode === "";
    // Looked at again, what was tapped meanwhile stays.
    if (!this.#isShown) this.#begin(summary.may_rate);
    this.#isShown = true;
    this.#root.hidden = false;
  }

  clear(): void {
    this.#isShown = false;
    this.#root.hidden = true;
  }

  #begin(mayRate: boolean): void {
    this.#part("rating").hidden = !mayRate;
    this.#part("rating-question").hidden = false;
    write(this.#part("rating-said"), "");
  }

  async #tapped(score: number): Promise<void> {
    const rating = this.#part("rating");
    if (rating.hasAttribute("aria-busy")) return;
    rating.setAttribute("aria-busy", "true");
    const isCounted = await this.#rate(score);
    rating.removeAttribute("aria-busy");
    const said = this.#part("rating-said");
    const hadFocus = rating.contains(document.activeElement);
    this.#part("rating-question").hidden = isCounted;
    write(said, sentence(said, isCounted ? "thanks" : "failed"));
    if (isCounted && hadFocus) said.focus({ preventScroll: true });
  }

  #part(name: string): HTMLElement {
    return part(this.#root, name);
  }
}
