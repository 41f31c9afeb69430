/* While it rings the window's title changes in turn, so that it is seen among other tabs. */

const EVERY = 1_000;

export class TitleBlink {
  #timer: ReturnType<typeof setInterval> | null = null;
  #own = "";

  start(text: string): void {
    if (this.#timer !== null) return;
    this.#own = document.title;
    this.#timer = setInterval(() => {
      document.title = document.title === text ? this.#own : text;
    }, EVERY);
    document.title = text;
  }

  stop(): void {
    if (this.#timer === null) return;
    clearInterval(this.#timer);
    this.#timer = null;
    document.title = this.#own;
  }
}

/* Controls step back only for a resting mouse: never for fingers, keys or screen readers. */
const REST = 3_500;

export class QuietControls {
  readonly #view: HTMLElement;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(view: HTMLElement) {
    this.#view = view;
    view.addEventListener("pointermove", ({ pointerType }) => this.#wake(pointerType === "mouse"));
    view.addEventListener("pointerdown", ({ pointerType }) => this.#wake(pointerType === "mouse"));
    view.addEventListener("keydown", () => this.#wake(false));
    view.addEventListener("focusin", () => this.#wake(false));
  }

  #wake(mayRest: boolean): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    delete this.#view.dataset.quiet;
    if (!mayRest) return;
    this.#timer = setTimeout(() => {
      const focused = this.#view.querySelector(":focus-visible");
      if (focused === null) this.#view.dataset.quiet = "";
    }, REST);
  }
}
