/* <device-check>: camera and microphone, sound, connection, one panel after the other; the guest
   goes on with what there is at any time. Fires "check-done" behind the last panel, "check-back"
   before the first. */
import type { Api } from "../lib/api.ts";
import type { CheckResult } from "../lib/check.ts";
import type { Kept } from "../lib/kept.ts";
import type { LocalMedia } from "../lib/media.ts";
import { ConnectionPanel } from "./connection-panel.ts";
import { isAllowed, PicturePanel } from "./picture-panel.ts";
import { SoundPanel } from "./sound-panel.ts";

const PANELS = ["picture", "sound", "connection"] as const;
type Name = (typeof PANELS)[number];

export class DeviceCheck extends HTMLElement {
  #picture: PicturePanel | null = null;
  #sound: SoundPanel | null = null;
  #connection: ConnectionPanel | null = null;
  #shown: Name | null = null;

  start(media: LocalMedia, api: Api): void {
    this.#picture = new PicturePanel(this.#section("picture"), media);
    this.#sound = new SoundPanel(this.#section("sound"));
    this.#connection = new ConnectionPanel(this.#section("connection"), {
      api,
      speedUrl: this.dataset.speed ?? "",
      relaysUrl: this.dataset.relays ?? "",
    });
    this.addEventListener("click", ({ target }) => {
      const button =
        target instanceof Element ? target.closest<HTMLElement>("[data-action]") : null;
      this.#act(button?.dataset.action ?? "");
    });
  }

  /** What `enter` needs after a reload. */
  get place(): Kept {
    return { panel: this.#shown ?? "", heard: this.#sound?.isHeard ?? null };
  }

  get result(): CheckResult {
    return {
      ...(this.#picture?.result ?? { camera: null, microphone: null }),
      speaker: this.#sound?.isHeard ?? null,
      ...(this.#connection?.result ?? { path: "", slow: null }),
    };
  }

  /** The check is on the screen, at its beginning or, after a reload, where it was. */
  async enter({ panel = "", heard }: Kept = {}): Promise<void> {
    if (this.#sound && heard !== undefined) this.#sound.isHeard = heard;
    const wanted = PANELS.find((name) => name === panel) ?? "picture";
    // Later panels rely on what the first one opened, which a browser may have to ask for again.
    const isLater = wanted !== "picture" && (await isAllowed());
    if (isLater) void this.#picture?.open();
    this.#show(isLater ? wanted : "picture", false);
  }

  /** From the beginning, as if nothing had been tried. */
  restart(): Promise<void> {
    this.#connection?.forget();
    return this.enter({ heard: null });
  }

  leave(): void {
    this.#picture?.leave();
    this.#connection?.leave();
    this.#shown = null;
  }

  #section(name: Name): HTMLElement {
    const found = this.querySelector<HTMLElement>(`[data-panel="${name}"]`);
    if (found === null) throw new Error(`The template lacks the panel "${name}".`);
    return found;
  }

  #act(action: string): void {
    if (action === "open") void this.#picture?.open(true);
    else if (action === "play") this.#sound?.play();
    else if (action === "heard" || action === "unheard") this.#answer(action === "heard");
    else if (action === "measure") void this.#connection?.measure();
    else if (action === "next") this.#step(1);
    else if (action === "back") this.#step(-1);
  }

  #answer(isHeard: boolean): void {
    this.#sound?.answer(isHeard);
    if (isHeard) this.#step(1);
  }

  #step(by: 1 | -1): void {
    const next = PANELS.indexOf(this.#shown ?? "picture") + by;
    const panel = PANELS[next];
    if (panel) this.#show(panel, true);
    else this.dispatchEvent(new Event(by > 0 ? "check-done" : "check-back"));
  }

  #show(panel: Name, isMoved: boolean): void {
    this.#picture?.leave();
    this.#connection?.leave();
    this.#shown = panel;
    for (const name of PANELS) this.#section(name).hidden = name !== panel;
    if (panel === "picture") void this.#picture?.enter();
    if (panel === "sound") this.#sound?.enter();
    if (panel === "connection") this.#connection?.enter();
    if (!isMoved) return;
    this.#section(panel).querySelector("h1")?.focus({ preventScroll: true });
    scrollTo({ top: 0 });
  }
}
