/* The small call on the page can be moved to another corner: by dragging its picture, with the arrow
   keys, or with its button. */
import type { StageFeature } from "./features.ts";
import { Movable } from "./movable.ts";
import { part } from "./parts.ts";

export class Dock implements StageFeature {
  readonly actions = { "move-dock": () => this.#movable.moveOn() };
  readonly #movable: Movable;

  constructor(stage: HTMLElement) {
    const page = () => new DOMRect(0, 0, innerWidth, innerHeight);
    this.#movable = new Movable(part(stage, "view"), page, (target) => {
      const isButton = target instanceof Element && target.closest("button, a") !== null;
      return stage.dataset.docked !== undefined && !isButton;
    });
  }
}
