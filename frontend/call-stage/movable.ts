/* What lies in one of four corners and is moved by mouse, finger or arrow keys: our own picture on
   the stage, the small call on the page. */

const STEPS: Record<string, (corner: string) => string> = {
  ArrowUp: (corner) => corner.replace("bottom", "top"),
  ArrowDown: (corner) => corner.replace("top", "bottom"),
  ArrowLeft: (corner) => corner.replace("end", "start"),
  ArrowRight: (corner) => corner.replace("start", "end"),
};
const ROUND = ["bottom-end", "bottom-start", "top-start", "top-end"];
const SLIP = 6;

/** How far it was dragged is told in --shift-x and --shift-y, where it lies in data-corner. */
export class Movable {
  readonly #element: HTMLElement;
  readonly #area: () => DOMRect;
  readonly #mayMove: (target: EventTarget | null) => boolean;
  #from: { x: number; y: number } | null = null;
  #moved = false;

  constructor(
    element: HTMLElement,
    area: () => DOMRect,
    mayMove: (target: EventTarget | null) => boolean = () => true,
  ) {
    this.#element = element;
    this.#area = area;
    this.#mayMove = mayMove;
    element.addEventListener("pointerdown", (event) => this.#grab(event));
    element.addEventListener("pointermove", (event) => this.#drag(event));
    element.addEventListener("pointerup", () => this.#drop());
    element.addEventListener("pointercancel", () => this.#drop());
    element.addEventListener("keydown", (event) => this.#step(event));
  }

  /** For those who cannot drag. A click that ends a drag is none. */
  moveOn(): void {
    if (!this.#moved) this.#moveTo(ROUND[(ROUND.indexOf(this.#corner) + 1) % ROUND.length]);
    this.#moved = false;
  }

  get #corner(): string {
    return this.#element.dataset.corner ?? "bottom-end";
  }

  #grab(event: PointerEvent): void {
    this.#moved = false;
    if (event.button !== 0 || !this.#mayMove(event.target)) return;
    this.#from = { x: event.clientX, y: event.clientY };
    this.#element.setPointerCapture(event.pointerId);
  }

  #drag(event: PointerEvent): void {
    if (this.#from === null) return;
    const x = event.clientX - this.#from.x;
    const y = event.clientY - this.#from.y;
    this.#moved ||= Math.hypot(x, y) > SLIP;
    if (!this.#moved) return;
    this.#element.dataset.dragged = "";
    this.#shift(x, y);
  }

  #drop(): void {
    if (this.#from !== null && this.#moved) this.#moveTo(this.#nearest());
    this.#from = null;
    delete this.#element.dataset.dragged;
  }

  #step(event: KeyboardEvent): void {
    const next = STEPS[event.key]?.(this.#corner);
    if (next === undefined || !this.#mayMove(event.currentTarget)) return;
    event.preventDefault();
    this.#moveTo(next);
  }

  #nearest(): string {
    const own = this.#element.getBoundingClientRect();
    const area = this.#area();
    const isLeft = own.left + own.width / 2 < area.left + area.width / 2;
    const isTop = own.top + own.height / 2 < area.top + area.height / 2;
    const isStart = isLeft === (getComputedStyle(this.#element).direction === "ltr");
    return `${isTop ? "top" : "bottom"}-${isStart ? "start" : "end"}`;
  }

  /** Slides from where it is now to its new corner. */
  #moveTo(corner = "bottom-end"): void {
    const before = this.#element.getBoundingClientRect();
    this.#element.dataset.dragged = "";
    this.#element.dataset.corner = corner;
    this.#shift(0, 0);
    const after = this.#element.getBoundingClientRect();
    this.#shift(before.left - after.left, before.top - after.top);
    requestAnimationFrame(() => {
      delete this.#element.dataset.dragged;
      this.#shift(0, 0);
    });
  }

  #shift(x: number, y: number): void {
    this.#element.style.setProperty("--shift-x", `${x}px`);
    this.#element.style.setProperty("--shift-y", `${y}px`);
  }
}
