/* The first panel: the guest sees that the camera works and that they are heard, or reads what is
   wrong in this browser and what to do. */
import { part } from "../call-stage/parts.ts";
import { explainProblems } from "../call-stage/problems.ts";
import { LevelBar } from "../devices/level-bar.ts";
import type { DeviceStates, LocalMedia } from "../lib/media.ts";
import { offerChoices } from "./choices.ts";
import { showHelp } from "./help.ts";
import { showState } from "./show-state.ts";

export class PicturePanel {
  readonly #root: HTMLElement;
  readonly #media: LocalMedia;
  readonly #level: LevelBar;
  #isShown = false;
  #isTried = false;

  constructor(root: HTMLElement, media: LocalMedia) {
    this.#root = root;
    this.#media = media;
    this.#level = new LevelBar(part(root, "bar"), part(root, "heard"));
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
    this.#level.follow(null);
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
    this.#level.follow(media.track("microphone"));
  }

  #nameWhatLacks(camera: boolean, microphone: boolean): void {
    const lacks = !camera && !microphone ? "both" : camera ? "microphone" : "camera";
    for (const word of this.#root.querySelectorAll<HTMLElement>("[data-without]"))
      word.hidden = word.dataset.without !== lacks;
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
