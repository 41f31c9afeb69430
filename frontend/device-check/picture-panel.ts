/* The first panel: the guest sees that the camera works and that they are heard, or reads what is
   wrong in this browser and what to do. */
import { part, sentence, write } from "../call-stage/parts.ts";
import { explainProblems } from "../call-stage/problems.ts";
import { measureLevel } from "../lib/level.ts";
import type { DeviceStates, LocalMedia } from "../lib/media.ts";
import { offerChoices } from "./choices.ts";
import { showHelp } from "./help.ts";
import { showState } from "./show-state.ts";

const HEARD = 0.06;
const LOUD = 0.4;
/** How often a screen reader may hear of the level. */
const TELL_EVERY = 1_000;

export class PicturePanel {
  readonly #root: HTMLElement;
  readonly #media: LocalMedia;
  #stopLevel: (() => void) | null = null;
  #measured: MediaStreamTrack | null = null;
  #isShown = false;
  #isTried = false;

  constructor(root: HTMLElement, media: LocalMedia) {
    this.#root = root;
    this.#media = media;
    media.onChange(() => this.#render());
    offerChoices(part(root, "choices"), media);
    this.#show("before");
  }

  get result(): Record<keyof DeviceStates, boolean | null> {
    const { camera, microphone } = this.#media.states;
    return this.#isTried ? { camera, microphone } : { camera: null, microphone: null };
  }

  /** Where the browser has allowed before, it need not ask again. */
  async enter(): Promise<void> {
    this.#isShown = true;
    const { camera, microphone } = this.#media.states;
    if (camera || microphone || (await isAllowed())) await this.open();
    else this.#render();
  }

  leave(): void {
    this.#isShown = false;
    this.#stopMeasuring();
  }

  /** `isPressed`: by the button that goes away then, so that the focus must not go with it. */
  async open(isPressed = false): Promise<void> {
    this.#show("opening");
    await this.#media.open();
    this.#isTried = true;
    this.#render();
    if (this.#isShown && isPressed)
      this.#root
        .querySelector<HTMLElement>(".visit__actions .button:not([hidden])")
        ?.focus({ preventScroll: true });
  }

  #render(): void {
    const media = this.#media;
    if (!this.#isShown) return;
    const { camera, microphone } = media.states;
    if (!camera && !microphone && !media.hasProblem) return;
    this.#show(media.hasProblem ? "failed" : "open");
    const preview = part<HTMLVideoElement>(this.#root, "preview");
    preview.hidden = !camera;
    if (preview.srcObject !== media.stream) preview.srcObject = media.stream;
    part(this.#root, "level").hidden = !microphone;
    const isWrong = explainProblems(media.problems, part(this.#root, "problem-text"));
    part(this.#root, "problem").hidden = !isWrong;
    showHelp(media.problems, part(this.#root, "help"));
    this.#nameWhatLacks(camera, microphone);
    this.#measure();
  }

  #nameWhatLacks(camera: boolean, microphone: boolean): void {
    const lacks = !camera && !microphone ? "both" : camera ? "microphone" : "camera";
    for (const word of this.#root.querySelectorAll<HTMLElement>("[data-without]"))
      word.hidden = word.dataset.without !== lacks;
  }

  #measure(): void {
    const track = this.#media.track("microphone");
    if (track === this.#measured) return;
    this.#stopMeasuring();
    this.#measured = track;
    const heard = part(this.#root, "heard");
    if (track === null) return;
    write(heard, sentence(heard, "silent"));
    let told = 0;
    let loudest = 0; // since it was told last: speech has pauses
    this.#stopLevel = measureLevel(this.#media.stream, (level) => {
      const bar = part(this.#root, "bar");
      bar.style.setProperty("--level", level.toFixed(2));
      if (level > HEARD) write(heard, sentence(heard, "heard"));
      loudest = Math.max(loudest, level);
      if (performance.now() - told < TELL_EVERY) return;
      told = performance.now();
      const word = loudest > LOUD ? "loud" : loudest > HEARD ? "quiet" : "silent";
      bar.setAttribute("aria-valuenow", String(Math.round(loudest * 100)));
      bar.setAttribute("aria-valuetext", sentence(bar, word));
      loudest = 0;
    });
  }

  #stopMeasuring(): void {
    this.#stopLevel?.();
    this.#stopLevel = null;
    this.#measured = null;
  }

  #show(state: "before" | "opening" | "open" | "failed"): void {
    showState(this.#root, state);
    part(this.#root, "open").toggleAttribute("aria-busy", false);
    if (state === "opening") part(this.#root, "open").setAttribute("aria-busy", "true");
    if (state === "before" || state === "opening")
      for (const name of ["problem", "preview", "level"]) part(this.#root, name).hidden = true;
  }
}

/** Whether the browser remembers that this page may use both. */
export async function isAllowed(): Promise<boolean> {
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
