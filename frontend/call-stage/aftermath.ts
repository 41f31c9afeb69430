/* After a call, for professionals: how it was, who waits next (one click away), and the way back.
   The guest's page has its own last step. */

import { SummaryCard } from "../call-end/summary-card.ts";
import type { Api } from "../lib/api.ts";
import { systemClock } from "../lib/clock.ts";
import type { Phase } from "../lib/machine.ts";
import type { CallSession } from "../lib/session.ts";
import { type CallSummary, fetchSummary, type NextGuest, sendRating } from "../lib/summary.ts";
import { sinceText } from "../live-fragments/since.ts";
import type { StageFeature } from "./features.ts";
import { part, sentence, write } from "./parts.ts";

const NEWS = ["visit-changed", "presence-changed", "catch-up"];
const SOON = 300;
/** The server's own word of the end comes first, as a rule: our hang-up has to reach it. */
const LATEST = 1_500;

export class Aftermath implements StageFeature {
  readonly #root: HTMLElement;
  readonly #session: CallSession;
  readonly #api: Api;
  readonly #base: string;
  readonly #card: SummaryCard;
  #code = "";
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(stage: HTMLElement, session: CallSession, api: Api) {
    this.#root = part(stage, "summary");
    this.#session = session;
    this.#api = api;
    this.#base = stage.dataset.calls ?? "";
    this.#card = new SummaryCard(this.#root, (score) =>
      sendRating(api, `${this.#base}${this.#code}/rating/`, score),
    );
    for (const news of NEWS)
      document.body.addEventListener(news, () => this.#timer === null && this.#lookIn(SOON));
    document.body.addEventListener("call-ended", () => this.#lookIn(0));
  }

  turned(phase: Phase): void {
    const { call, ending } = this.#session.machine;
    const wasHeld = phase === "ended" && Boolean(call?.accepted_at) && ending !== null;
    this.#code = wasHeld && call ? call.code : "";
    this.#card.clear();
    this.#lookIn(LATEST);
  }

  /** Somebody came or went: another one may be next. */
  #lookIn(milliseconds: number): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (!this.#code) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      void this.#look();
    }, milliseconds);
  }

  async #look(): Promise<void> {
    const code = this.#code;
    const summary = await fetchSummary(this.#api, systemClock, `${this.#base}${code}/summary/`);
    if (summary && code === this.#code) this.#show(summary);
  }

  #show(summary: CallSummary): void {
    this.#card.show(summary);
    this.#showNext(summary.next ?? null, (summary.waiting ?? 0) - 1);
    this.#link("appointment", summary.appointment_url);
    this.#link("history", summary.appointment_url && `${summary.appointment_url}#history-title`);
    this.#link("follow-up", summary.follow_up_url);
  }

  #showNext(next: NextGuest | null, others: number): void {
    this.#part("next").hidden = next === null;
    this.#part("nobody").hidden = next !== null;
    if (next === null) return;
    const button = this.#part("next-call");
    const since = this.#part("next-since") as HTMLTimeElement;
    write(this.#part("next-name"), next.name);
    write(this.#part("next-alias-name"), next.other_name);
    this.#part("next-alias").hidden = next.other_name === "";
    button.dataset.url = next.call_url;
    button.dataset.name = next.name;
    since.hidden = next.since === null;
    since.dateTime = next.since ?? "";
    const { textNew = "", textMinutes = "" } = since.dataset;
    if (next.since) write(since, sinceText(new Date(next.since), new Date(), textNew, textMinutes));
    const more = this.#part("next-more");
    more.hidden = others < 1;
    write(more, sentence(more, others === 1 ? "one" : "many").replace("{n}", String(others)));
  }

  #link(name: string, url = ""): void {
    const link = this.#part(`${name}-link`) as HTMLAnchorElement;
    link.hidden = url === "";
    link.href = url;
  }

  #part(name: string): HTMLElement {
    return part(this.#root, name);
  }
}
