/**
 * <device-settings>: the page "Audio & Video". Tries the standard devices with one's own picture, a
 * bar and a tone; what is saved is used by the next call. Leaves camera and microphone alone while
 * a call has them, and gives them back when the page goes.
 */
import { part } from "../call-stage/parts.ts";
import { explainProblems } from "../call-stage/problems.ts";
import { showHelp } from "../device-check/help.ts";
import { isAllowed } from "../device-check/picture-panel.ts";
import { showState } from "../device-check/show-state.ts";
import { LevelBar } from "../devices/level-bar.ts";
import { KINDS, listDevices } from "../lib/device-list.ts";
import type { Device, LocalMedia } from "../lib/media.ts";
import { createMedia } from "../page.ts";
import { Selection } from "./selection.ts";
import { canChooseSpeaker, TestTone } from "./test-tone.ts";

type State = "before" | "opening" | "open" | "failed" | "call";
const BOTH: Device[] = ["camera", "microphone"];

export class DeviceSettings extends HTMLElement {
  readonly #tone = new TestTone();
  #media: LocalMedia = createMedia();
  #selection: Selection | null = null;
  #level: LevelBar | null = null;
  #listeners = new AbortController();
  #state: State = "before";

  connectedCallback(): void {
    this.#listeners = new AbortController();
    const { signal } = this.#listeners;
    this.#selection = new Selection(this);
    this.#level = new LevelBar(part(this, "bar"), part(this, "heard"));
    this.#media = createMedia();
    this.#media.onChange(() => this.#render());
    this.addEventListener("click", (event) => this.#clicked(event), { signal });
    this.addEventListener("change", (event) => this.#changed(event), { signal });
    this.addEventListener("submit", () => this.#selection?.remember(), { signal });
    navigator.mediaDevices?.addEventListener("devicechange", () => void this.#list(), { signal });
    const stage = document.querySelector("call-stage");
    stage?.addEventListener("call-phase", (event) => this.#turned(event as CustomEvent<string>), {
      signal,
    });
    addEventListener("pagehide", () => this.#release(), { signal });
    addEventListener("pageshow", ({ persisted }) => persisted && void this.#enter(), { signal });
    part(this, "speaker-fixed").hidden = canChooseSpeaker();
    void this.#enter();
  }

  disconnectedCallback(): void {
    this.#listeners.abort();
    this.#release();
  }

  async #enter(): Promise<void> {
    this.#show("before");
    if (document.querySelector("call-stage:not([hidden])")) this.#show("call");
    else if (await isAllowed()) return this.#open();
    await this.#list();
  }

  /** A call comes first: it gets the devices, and we come back after it. */
  #turned({ detail: phase }: CustomEvent<string>): void {
    const runs = phase !== "idle" && phase !== "ended";
    if (runs && this.#state !== "call") {
      this.#release();
      this.#show("call");
    } else if (!runs && this.#state === "call") void this.#enter();
  }

  async #open(isPressed = false): Promise<void> {
    this.#show("opening");
    await this.#media.open();
    this.#keepOnlyHere();
    await this.#list();
    if (!isPressed) return;
    // The pressed button is gone: the focus must not go with it.
    const targets = [...this.querySelectorAll<HTMLElement>("[data-action=open], select")];
    targets.find(({ offsetParent }) => offsetParent !== null)?.focus();
  }

  /** Left, or called, while the browser was still opening them. */
  #keepOnlyHere(): void {
    if (!this.isConnected || this.#state === "call") this.#media.release();
  }

  #release(): void {
    this.#level?.follow(null);
    this.#tone.stop();
    this.#media.release();
  }

  async #list(): Promise<void> {
    const canChoose = (kind: string): boolean => kind !== "speaker" || canChooseSpeaker();
    const devices = await listDevices();
    const isAny = await this.#selection?.list(devices, canChoose);
    if (!this.isConnected) return;
    part(this, "save").hidden = !isAny;
    this.#render();
    const speaker = this.#selection?.chosen("speaker") ?? "";
    const isThere = devices.some(({ id }) => id === speaker);
    this.#selection?.explain("speaker", isThere || devices.length === 0 ? null : "");
  }

  #render(): void {
    if (!this.isConnected || this.#state === "before" || this.#state === "call") return;
    const { states, problems, hasProblem } = this.#media;
    if (!states.camera && !states.microphone && !hasProblem) return;
    this.#show(hasProblem ? "failed" : "open");
    const preview = part<HTMLVideoElement>(this, "preview");
    preview.hidden = !states.camera;
    if (preview.srcObject !== this.#media.stream) preview.srcObject = this.#media.stream;
    part(this, "level").hidden = !states.microphone;
    this.#level?.follow(this.#media.track("microphone"));
    part(this, "problem").hidden = !explainProblems(problems, part(this, "problem-text"));
    showHelp(problems, part(this, "help"));
    for (const device of BOTH) {
      const used = this.#media.track(device)?.getSettings().deviceId;
      this.#selection?.explain(device, used ?? null);
    }
  }

  #clicked({ target }: MouseEvent): void {
    const button = target instanceof Element ? target.closest<HTMLElement>("[data-action]") : null;
    if (button?.dataset.action === "open") void this.#open(true);
    if (button?.dataset.action === "play") void this.#play();
  }

  async #play(): Promise<void> {
    const speaker = this.#selection?.chosen("speaker") ?? "";
    const worked = await this.#tone.play(speaker);
    this.#selection?.explain("speaker", worked ? null : "");
    if (!worked) await this.#tone.play("");
  }

  /** Tried at once, kept only with "Save changes". */
  #changed({ target }: Event): void {
    const kind = KINDS.find((one) => part(this, `${one}-choice`).contains(target as Node));
    if (kind === undefined || this.#selection === null) return;
    this.#selection.choose(kind);
    this.#selection.explain(kind, null);
    const id = this.#selection.chosen(kind);
    if (kind === "speaker" || this.#state === "call") return;
    void this.#media.choose(kind, id).then(() => this.#keepOnlyHere());
  }

  #show(state: State): void {
    this.#state = state;
    showState(this, state);
    part(this, "open").setAttribute("aria-busy", String(state === "opening"));
    if (state === "open" || state === "failed") return;
    for (const name of ["problem", "preview", "level"]) part(this, name).hidden = true;
  }
}

/** Define <device-settings>. */
export function registerDeviceSettings(): void {
  customElements.define("device-settings", DeviceSettings);
}
