/* The second panel: a tone, and the question whether it was heard. */
import { Tones } from "../lib/tones.ts";
import { showState } from "./show-state.ts";

export class SoundPanel {
  /** Null until the question was answered. */
  isHeard: boolean | null = null;
  readonly #tones = new Tones();
  readonly #root: HTMLElement;

  constructor(root: HTMLElement) {
    this.#root = root;
  }

  enter(): void {
    showState(this.#root, this.isHeard === false ? "unheard" : "before");
  }

  /** The question comes with the tone: who hears it need not wait for its end. */
  play(): void {
    void this.#tones.sample();
    this.#show("asked", "heard");
  }

  answer(isHeard: boolean): void {
    this.isHeard = isHeard;
    if (!isHeard) this.#show("unheard", "play");
  }

  /** The pressed button goes away: the focus must not go with it. */
  #show(state: string, action: string): void {
    showState(this.#root, state);
    const buttons = this.#root.querySelectorAll<HTMLElement>(`[data-action="${action}"]`);
    [...buttons].find(({ hidden }) => !hidden)?.focus({ preventScroll: true });
  }
}
