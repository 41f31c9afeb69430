/* <guest-visit>: the guest's way, one step at a time. The server says which; this page shows it,
   also after a reload, and fetches it again whenever something may have been missed. */
import { part, sentence, write } from "../call-stage/parts.ts";
import type { DeviceCheck } from "../device-check/device-check.ts";
import { type Answer, textOf } from "../lib/api.ts";
import { LINK_ENDED, REPLACED } from "../lib/close-codes.ts";
import type { Kept } from "../lib/kept.ts";
import { Latest } from "../lib/latest.ts";
import type { Ending } from "../lib/machine.ts";
import { isVisitState, type VisitState } from "../lib/protocol.ts";
import type { Conversations } from "../lib/secrecy/conversations.ts";
import type { Page } from "../page.ts";
import { showToast } from "../toasts/toasts.ts";
import type { WaitingRoom } from "../waiting-room/waiting-room.ts";
import { VisitEnding } from "./visit-ending.ts";

type Shown = "name" | "check" | "waiting" | "ended" | "left" | "replaced" | "gone";

const SETTLED = 5_000;
const GONE = 410;
const NOT_FOUND = 404;
const BUSY = 409;
const UNDERSTOOD = [GONE, NOT_FOUND, BUSY, 422];

export class GuestVisit extends HTMLElement {
  #page: Page | null = null;
  #shown: Shown | null = null;
  #ending: VisitEnding | null = null;
  #latest = new Latest();
  #isBack = false;
  #kept: Kept = {};

  start(page: Page, kept: Kept, conversations: Conversations): void {
    this.#page = page;
    const last = this.querySelector<HTMLElement>("[data-step=ended]");
    if (last) this.#ending = new VisitEnding(last, page.api, this.dataset.urlCalls ?? "");
    this.#kept = kept;
    this.#isBack = kept.step === "name";
    this.#check.start(page.session.media, page.api);
    this.#room.start(page.session.media, conversations);
    this.#check.addEventListener("check-done", () => void this.#finishCheck());
    this.#check.addEventListener("check-back", () => this.#goBack());
    this.#room.addEventListener("room-left", () => void this.#leave());
    part(this, "name-form").addEventListener("submit", (event) => void this.#sendName(event));
    this.addEventListener("click", ({ target }) => this.#clicked(target));
    for (const news of ["visit-changed", "call-ended", "catch-up"])
      document.body.addEventListener(news, () => void this.#refresh());
    document
      .querySelector("call-stage")
      ?.addEventListener("call-over", (event) => this.#callOver(event as CustomEvent<Ending>));
    const state: unknown = JSON.parse(this.dataset.visit ?? "null");
    if (isVisitState(state)) this.#follow(state);
  }

  /** Where the guest is, for a page that is about to be loaded in another language. */
  get place(): Kept {
    return { ...this.#check.place, step: this.#shown ?? "" };
  }

  /** The server closed the socket for good. */
  closed(code: number): void {
    this.#page?.session.stepAside();
    // The guest is just cancelling, and the answer to that is a page of its own.
    if (document.querySelector("form[data-cancellation][data-sending]")) return;
    if (code === REPLACED) this.#show("replaced");
    else if (code === LINK_ENDED) this.#show("gone");
    // A ticket that has run out: the server explains itself. Not at once, which would go round.
    else if (performance.now() > SETTLED) location.reload();
    else document.body.classList.add("is-offline");
  }

  get #check(): DeviceCheck {
    return this.querySelector("device-check") as DeviceCheck;
  }

  get #room(): WaitingRoom {
    return this.querySelector("waiting-room") as WaitingRoom;
  }

  #follow(state: VisitState): void {
    const input = part(this, "name-form").querySelector("input");
    if (input && input.value === "") input.value = state.name;
    if (state.step !== "check") this.#isBack = false;
    const step = state.step === "called" || state.step === "call" ? "waiting" : state.step;
    this.#show(this.#isBack ? "name" : step);
    void this.#ending?.follow(state.step === "ended" ? (state.ended_call ?? "") : "");
    this.#ending?.offer(state.may_return !== false);
    if (state.call) void this.#page?.session.resume(state.call, state.offer);
    else void this.#page?.session.catchUp();
  }

  #show(step: Shown): void {
    if (step === this.#shown) return;
    const isFirst = this.#shown === null;
    this.#shown = step;
    for (const section of this.querySelectorAll<HTMLElement>("[data-step]"))
      section.hidden = section.dataset.step !== step;
    if (step === "check") void this.#check.enter(this.#kept);
    else this.#check.leave();
    this.#kept = {};
    if (step === "waiting") this.#room.enter();
    else this.#room.leave();
    const title = this.querySelector<HTMLElement>(`[data-step="${step}"] h1`);
    write(part(this, "announcement"), title?.textContent ?? "");
    // A page that has just been loaded begins at its beginning, later steps at their heading.
    if (!isFirst && document.activeElement?.closest("call-stage") === null)
      title?.focus({ preventScroll: true });
    if (!isFirst) scrollTo({ top: 0 });
  }

  async #refresh(): Promise<void> {
    if (this.#shown === "replaced" || this.#shown === "gone") return;
    const answer = await this.#latest.read(
      async () => await this.#page?.api.get(this.dataset.urlState ?? ""),
    );
    if (answer) this.#take(answer);
  }

  async #sendName(event: Event): Promise<void> {
    event.preventDefault();
    const form = part<HTMLFormElement>(this, "name-form");
    const name = String(new FormData(form).get("name") ?? "").trim();
    const error = part(this, "name-error");
    if (name === "") {
      this.#complain(sentence(error, "missing"));
      return;
    }
    const answer = await this.#send(this.dataset.urlName, { name }, form);
    if (answer?.status === 422) {
      const { errors } = answer.data as { errors?: unknown };
      this.#complain(textOf(errors, "name") || sentence(error, "missing"));
    } else if (answer) {
      this.#complain("");
      this.#isBack = false;
      this.#take(answer);
    }
  }

  #complain(text: string): void {
    const error = part(this, "name-error");
    const input = part(this, "name-form").querySelector("input");
    write(error, text);
    error.hidden = text === "";
    part(this, "name-field").classList.toggle("field--invalid", text !== "");
    if (text === "") input?.removeAttribute("aria-invalid");
    else {
      input?.setAttribute("aria-invalid", "true");
      input?.focus();
    }
  }

  /** From the check back to the name: nothing is undone, and what was typed stands there still. */
  #goBack(): void {
    this.#isBack = true;
    this.#show("name");
  }

  /** The practice learns what the check found; the way does not wait for it. */
  async #finishCheck(): Promise<void> {
    void this.#page?.api.post(this.dataset.urlResult ?? "", this.#check.result);
    await this.#enterRoom();
  }

  async #enterRoom(): Promise<void> {
    const states = this.#page?.session.media.states ?? { camera: false, microphone: false };
    const answer = await this.#send(this.dataset.urlWaiting, states, this.#check);
    if (answer) this.#take(answer);
  }

  async #leave(): Promise<void> {
    const answer = await this.#send(this.dataset.urlDeparture, {}, this.#room);
    if (!answer) return;
    if (answer.ok) this.#page?.session.media.release();
    this.#take(answer);
  }

  /** Back to the waiting room: the devices are asked for again, within the same touch. */
  async #return(): Promise<void> {
    await this.#page?.session.media.open();
    await this.#enterRoom();
  }

  #clicked(target: EventTarget | null): void {
    const button = target instanceof Element ? target.closest<HTMLElement>("[data-action]") : null;
    if (button?.dataset.action === "return") void this.#return();
    if (button?.dataset.action === "continue") location.reload();
  }

  #callOver({ detail }: CustomEvent<Ending>): void {
    if (detail.reason === "completed" || detail.reason === "failed") {
      this.#page?.session.media.release();
      this.#show("ended");
    } else {
      this.#room.tell(detail.reason);
      this.#room.querySelector<HTMLElement>("h1")?.focus({ preventScroll: true });
    }
  }

  /** A step forward; a toast where the server did not answer. */
  async #send(url: string | undefined, body: unknown, busy: HTMLElement): Promise<Answer | null> {
    if (busy.hasAttribute("aria-busy")) return null;
    busy.setAttribute("aria-busy", "true");
    const answer = await this.#latest.write(
      async () => (await this.#page?.api.post(url ?? "", body)) ?? null,
      () => void this.#refresh(),
    );
    busy.removeAttribute("aria-busy");
    const texts = document.getElementById("toasts")?.dataset;
    if (answer?.status === 0) showToast(texts?.textOffline ?? "", "error");
    else if (answer && !answer.ok && !UNDERSTOOD.includes(answer.status))
      showToast(texts?.textError ?? "", "error");
    return answer;
  }

  #take({ ok, status, data }: Answer): void {
    if (ok && isVisitState(data)) this.#follow(data);
    else if (status === GONE) this.closed(LINK_ENDED);
    else if (status === NOT_FOUND) this.closed(0);
    else if (status === BUSY) void this.#refresh();
  }
}
