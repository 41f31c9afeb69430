/* The guest's last step: how the call was, as soon as the server has written it down. */
import { SummaryCard } from "../call-end/summary-card.ts";
import { part } from "../call-stage/parts.ts";
import type { Api } from "../lib/api.ts";
import { systemClock } from "../lib/clock.ts";
import { fetchSummary, sendRating } from "../lib/summary.ts";

export class VisitEnding {
  readonly #api: Api;
  readonly #base: string;
  readonly #card: SummaryCard;
  readonly #step: HTMLElement;
  #code = "";

  /** `base` is the address below which the guest's calls stand. */
  constructor(step: HTMLElement, api: Api, base: string) {
    this.#api = api;
    this.#base = base;
    this.#step = step;
    this.#card = new SummaryCard(part(step, "summary"), (score) =>
      sendRating(api, `${base}${this.#code}/rating/`, score),
    );
  }

  /** The visit ended with the call `code`; "" where there was none, or where it is not over. */
  async follow(code: string): Promise<void> {
    if (code === this.#code) return;
    this.#code = code;
    this.#card.clear();
    if (code === "") return;
    const summary = await fetchSummary(this.#api, systemClock, `${this.#base}${code}/summary/`);
    if (summary && code === this.#code) this.#card.show(summary);
  }

  /** The way back into the waiting room, where there is one. */
  offer(mayReturn: boolean): void {
    part(this.#step, "again").hidden = !mayReturn;
    part(this.#step, "no-way-back").hidden = mayReturn;
  }
}
