/* <device-check>: the guest sees and hears that camera and microphone work, or reads what is
   wrong and goes on with what there is. Fires "devices-ready" when they want to go on. */
import { part, sentence, write } from "../call-stage/parts.ts";
import { explainProblems } from "../call-stage/problems.ts";
import { measureLevel } from "../lib/level.ts";
import type { LocalMedia } from "../lib/media.ts";

const HEARD = 0.06;

type State = "before" | "opening" | "open" | "failed";

export class DeviceCheck extends HTMLElement {
  #media: LocalMedia | null = null;
  #stopLevel: (() => void) | null = null;
  #measured: MediaStreamTrack | null = null;
  #isShown = false;

  start(media: LocalMedia): void {
    this.#media = media;
    media.onChange(() => this.#render());
    this.addEventListener("click", ({ target }) => {
      const button =
        target instanceof Element ? target.closest<HTMLElement>("[data-action]") : null;
      if (button?.dataset.action === "open") void this.open();
      if (button?.dataset.action === "enter") this.dispatchEvent(new Event("devices-ready"));
    });
    this.#show("before");
  }

  /** The step is on the screen; where the browser has allowed before, it need not ask again. */
  async enter(): Promise<void> {
    this.#isShown = true;
    if (this.#media?.states.camera || (await isAllowed())) await this.open();
  }

  leave(): void {
    this.#isShown = false;
    this.#stopMeasuring();
  }

  async open(): Promise<void> {
    this.#show("opening");
    await this.#media?.open();
    this.#render();
  }

  #render(): void {
    const media = this.#media;
    if (media === null || !this.#isShown) return;
    const { camera, microphone } = media.states;
    if (!camera && !microphone && !media.hasProblem) return;
    this.#show(media.hasProblem ? "failed" : "open");
    const preview = part<HTMLVideoElement>(this, "preview");
    preview.hidden = !camera;
    if (preview.srcObject !== media.stream) preview.srcObject = media.stream;
    part(this, "level").hidden = !microphone;
    part(this, "problem").hidden = !explainProblems(media.problems, part(this, "problem-text"));
    this.#nameWhatLacks(camera, microphone);
    this.#measure(media);
  }

  #nameWhatLacks(camera: boolean, microphone: boolean): void {
    const lacks = !camera && !microphone ? "both" : camera ? "microphone" : "camera";
    for (const word of this.querySelectorAll<HTMLElement>("[data-without]"))
      word.hidden = word.dataset.without !== lacks;
  }

  #measure(media: LocalMedia): void {
    const track = media.track("microphone");
    if (track === this.#measured) return;
    this.#stopMeasuring();
    this.#measured = track;
    const heard = part(this, "heard");
    if (track === null) return;
    write(heard, sentence(heard, "silent"));
    this.#stopLevel = measureLevel(media.stream, (level) => {
      part(this, "bar").style.setProperty("--level", level.toFixed(2));
      if (level > HEARD) write(heard, sentence(heard, "heard"));
    });
  }

  #stopMeasuring(): void {
    this.#stopLevel?.();
    this.#stopLevel = null;
    this.#measured = null;
  }

  #show(state: State): void {
    this.dataset.state = state;
    for (const element of this.querySelectorAll<HTMLElement>("[data-when]"))
      element.hidden = !element.dataset.when?.split(" ").includes(state);
    const button = part(this, "open");
    button.toggleAttribute("aria-busy", false);
    if (state === "opening") button.setAttribute("aria-busy", "true");
    if (state === "before" || state === "opening")
      for (const name of ["problem", "preview", "level"]) part(this, name).hidden = true;
  }
}

async function isAllowed(): Promise<boolean> {
  try {
    const states = await Promise.all(
      ["camera", "microphone"].map((name) =>
        navigator.permissions.query({ name: name as PermissionName }),
      ),
    );
    return states.every(({ state }) => state === "granted");
  } catch {
    return false;
  }
}
