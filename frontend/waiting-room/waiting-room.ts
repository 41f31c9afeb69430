/* <waiting-room>: the guest is in the right place. Shows their own picture while it is on, and
   says when a ring came to nothing. Fires "room-left" for "Verlassen". */
import { part, sentence, write } from "../call-stage/parts.ts";
import { awake } from "../lib/awake.ts";
import type { LocalMedia } from "../lib/media.ts";

export class WaitingRoom extends HTMLElement {
  #media: LocalMedia | null = null;
  #isShown = false;

  start(media: LocalMedia): void {
    this.#media = media;
    media.onChange(() => this.#render());
    this.addEventListener("click", ({ target }) => {
      if (target instanceof Element && target.closest('[data-action="leave"]'))
        this.dispatchEvent(new Event("room-left"));
    });
  }

  enter(): void {
    this.#isShown = true;
    awake.keep("waiting", true);
    this.#render();
  }

  leave(): void {
    this.#isShown = false;
    awake.keep("waiting", false);
    this.tell("");
    this.#render();
  }

  /** How the last ring ended: "missed", "cancelled", "declined"; "" takes the notice away. */
  tell(outcome: string): void {
    const line = part(this, "missed-text");
    const text = sentence(line, outcome);
    write(line, text);
    part(this, "missed").hidden = text === "";
  }

  #render(): void {
    const isOn = this.#isShown && this.#media?.states.camera === true;
    const video = part<HTMLVideoElement>(this, "own-video");
    part(this, "own").hidden = !isOn;
    const stream = isOn ? (this.#media?.stream ?? null) : null;
    if (video.srcObject !== stream) video.srcObject = stream;
  }
}
