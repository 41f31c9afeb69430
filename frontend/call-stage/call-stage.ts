/* <call-stage>: the call on the page. Lives outside <main>, so that a call goes on while the
   professional works; on the guest's page it covers everything else while there is a call. */
import type { Phase } from "../lib/machine.ts";
import { isCallState } from "../lib/protocol.ts";
import type { CallSession } from "../lib/session.ts";
import { Tones } from "../lib/tones.ts";
import { isMuted } from "../muted.ts";
import { QuietControls, TitleBlink } from "./attention.ts";
import { createFeatures, type StageFeature } from "./features.ts";
import { Movable } from "./movable.ts";
import { part, sentence } from "./parts.ts";
import { StageView } from "./view.ts";

const TICK = 1_000;

export class CallStage extends HTMLElement {
  #session: CallSession | null = null;
  #view: StageView | null = null;
  #phase: Phase = "idle";
  #features: StageFeature[] = [];
  #opener: string | null = null;
  #timer: ReturnType<typeof setInterval> | null = null;
  readonly #tones = new Tones(isMuted);
  readonly #blink = new TitleBlink();

  /** Bring the server's markup to life. */
  start(session: CallSession): void {
    const surface = part(this, "view");
    this.#session = session;
    this.#view = new StageView(this, session);
    const own = new Movable(part(this, "own"), () => surface.getBoundingClientRect());
    part(this, "own").addEventListener("click", () => own.moveOn());
    new QuietControls(surface);
    this.#features = createFeatures(this, session);
    session.onChange(() => this.#changed());
    this.addEventListener("click", (event) => this.#clicked(event));
    document.addEventListener("click", (event) => this.#startClicked(event));
    document.addEventListener("pointerdown", () => this.#tones.unlock());
    document.addEventListener("keydown", (event) => this.#pressed(event));
    addEventListener("popstate", () => this.#minimise());
    addEventListener("beforeunload", (event) => {
      if (this.#phase === "active") event.preventDefault();
    });
    this.#resume();
  }

  /** The connections of the running call, for tests and diagnosis. */
  connections(): RTCPeerConnection[] {
    return this.#session?.room?.peers.map(({ connection }) => connection) ?? [];
  }

  get #isGuest(): boolean {
    return this.dataset.audience === "guest";
  }

  get #isDocked(): boolean {
    return this.dataset.docked !== undefined;
  }

  /** The page was loaded in the middle of a call. */
  #resume(): void {
    if (!this.dataset.call) return;
    const call: unknown = JSON.parse(this.dataset.call);
    if (isCallState(call)) void this.#session?.resume(call);
    this.removeAttribute("data-call");
  }

  #changed(): void {
    const machine = this.#session?.machine;
    if (machine === undefined) return;
    // The guest's page has its own words for the end.
    if (machine.phase === "ended" && this.#isGuest) {
      const { ending } = machine;
      this.#session?.dismiss();
      this.dispatchEvent(new CustomEvent("call-over", { detail: ending }));
      return;
    }
    const before = this.#phase;
    this.#phase = machine.phase;
    if (before !== this.#phase) this.#prepare(before);
    this.#view?.render();
    for (const feature of this.#features) feature.render?.();
    if (before !== this.#phase) this.#turned(before);
  }

  #prepare(before: string): void {
    this.hidden = this.#phase === "idle";
    if (this.#phase === "elsewhere") this.#dock(true);
    else if (before === "idle" || before === "elsewhere" || this.#phase === "idle")
      this.#dock(false);
    else if (this.#phase === "outgoing") this.#dock(false);
    if (this.#phase === "active" && this.#timer === null)
      this.#timer = setInterval(() => this.#view?.showTime(), TICK);
    if (this.#phase !== "active" && this.#timer !== null) {
      clearInterval(this.#timer);
      this.#timer = null;
    }
  }

  /** A new phase: sound, title, focus, and what lies behind the stage. */
  #turned(before: string): void {
    this.#ring();
    this.#shield();
    if (this.#phase === "idle") this.#giveFocusBack();
    else if (!this.#isDocked) this.#takeFocus(before);
    for (const feature of this.#features) feature.turned?.(this.#phase);
    this.dispatchEvent(new CustomEvent("call-phase", { detail: this.#phase }));
  }

  #ring(): void {
    if (this.#phase === "incoming") this.#tones.ring();
    else if (this.#phase === "outgoing") this.#tones.ringback();
    else this.#tones.stop();
    const call = `${sentence(part(this, "status"), "ring")}: ${this.#session?.machine.otherName}`;
    if (this.#phase === "incoming") this.#blink.start(call);
    else this.#blink.stop();
  }

  /** Nothing behind a full stage can be reached, by keyboard or screen reader either. */
  #shield(): void {
    const covers = this.#phase !== "idle" && !this.#isDocked;
    for (const child of document.body.children) {
      if (child instanceof HTMLElement && !child.contains(this) && child.id !== "toasts")
        child.inert = covers;
    }
    document.documentElement.classList.toggle("has-stage", covers);
  }

  #takeFocus(before: string): void {
    // Not on "Accept": somebody who is just typing must not take a call by pressing a key.
    const target = this.#phase === "ended" ? part(this, "dismiss") : part(this, "view");
    if (before === "outgoing" && this.#phase === "active" && this.contains(document.activeElement))
      part(this, "hang-up").focus({ preventScroll: true });
    else target.focus({ preventScroll: true });
  }

  /** To where the call was started; whoever is busy elsewhere by now is left there. */
  #giveFocusBack(): void {
    const now = document.activeElement;
    if (now !== null && now !== document.body && !this.contains(now)) return;
    const opener = this.#opener ? document.getElementById(this.#opener) : null;
    (opener ?? document.getElementById("main"))?.focus({ preventScroll: true });
    this.#opener = null;
  }

  #clicked(event: MouseEvent): void {
    const target = event.target instanceof Element ? event.target : null;
    const action = target?.closest<HTMLElement>("[data-action]")?.dataset.action;
    const session = this.#session;
    if (action === undefined || session === null) return;
    const actions: Record<string, () => void> = {
      accept: () => void session.accept(),
      decline: () => void session.decline(),
      "hang-up": () => void session.hangUp(),
      microphone: () => void session.media.toggle("microphone"),
      camera: () => void session.media.toggle("camera"),
      minimise: () => this.#minimise(),
      expand: () => this.#expand(),
      sound: () => void this.#view?.remote.unmute(),
      dismiss: () => session.dismiss(),
      "take-over": () => void session.takeOver(),
      "close-problem": () => this.#view?.closeProblems(),
    };
    for (const feature of this.#features) feature.actions?.[action]?.();
    actions[action]?.();
  }

  /** Any button on any page may start a call: <button data-call-start data-url data-name>. */
  #startClicked(event: MouseEvent): void {
    const target = event.target instanceof Element ? event.target : null;
    const button = target?.closest<HTMLElement>("[data-call-start]");
    if (!button || button.getAttribute("aria-disabled") === "true") return;
    event.preventDefault();
    if (this.#session?.machine.isBusy) {
      this.#expand();
      return;
    }
    this.#opener = button.id || null;
    void this.#session?.call(button.dataset.url ?? "", button.dataset.name ?? "");
  }

  #pressed(event: KeyboardEvent): void {
    const isOurs =
      this.#phase !== "idle" && (!this.#isDocked || this.contains(document.activeElement));
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.repeat;
    if (!isOurs || !isPlain || isTyping(event.target)) return;
    const runs = this.#phase === "active" || this.#phase === "outgoing";
    const key = event.key.toLowerCase();
    if (key === "m" && runs) void this.#session?.media.toggle("microphone");
    else if (key === "c" && runs) void this.#session?.media.toggle("camera");
    else if (runs && this.#features.some(({ keys }) => keys?.[key])) this.#pressedFor(key);
    else if (key === "escape" && runs) this.#minimise();
    else if (key === "escape" && this.#phase === "ended") this.#session?.dismiss();
  }

  #pressedFor(key: string): void {
    for (const { keys } of this.#features) keys?.[key]?.();
  }

  #minimise(): void {
    if (this.#isDocked) return;
    if (this.#phase !== "active" && this.#phase !== "outgoing") return;
    this.#dock(true);
    this.#shield();
    this.#giveFocusBack();
  }

  #expand(): void {
    if (!this.#isDocked || this.#phase === "elsewhere") return;
    this.#dock(false);
    this.#shield();
    part(this, "view").focus({ preventScroll: true });
  }

  #dock(docked: boolean): void {
    this.toggleAttribute("data-docked", docked);
    const view = part(this, "view");
    if (docked) view.removeAttribute("aria-modal");
    else view.setAttribute("aria-modal", "true");
    view.setAttribute("role", docked ? "region" : "dialog");
  }
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches("input, textarea, select"))
  );
}
