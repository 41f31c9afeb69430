/**
 * <picture-crop>: shows the chosen picture in a square that one moves and enlarges, and sends that
 * square alone: small, without what cameras write into their files. Without JavaScript the whole
 * file goes out and the server takes its middle.
 */

import { showErrorOf } from "../forms/validation.ts";
import { type Cut, enlarged, firstCut, moved } from "./cut.ts";

const STEP = 8; // pixels of the canvas per press of an arrow key
const ARROWS: Record<string, [number, number]> = {
  ArrowLeft: [-STEP, 0],
  ArrowRight: [STEP, 0],
  ArrowUp: [0, -STEP],
  ArrowDown: [0, STEP],
};

class PictureCrop extends HTMLElement {
  #picture: ImageBitmap | null = null;
  #cut: Cut = { left: 0, top: 0, side: 0 };
  #listeners = new AbortController();

  connectedCallback(): void {
    this.#listeners = new AbortController();
    const { signal } = this.#listeners;
    this.#file?.addEventListener("change", () => void this.#load(), { signal });
    this.#zoom?.addEventListener("input", this.#onZoom, { signal });
    this.#canvas?.addEventListener("pointerdown", this.#onPress, { signal });
    this.#canvas?.addEventListener("pointermove", this.#onDrag, { signal });
    this.#canvas?.addEventListener("keydown", this.#onKey, { signal });
    this.closest("form")?.addEventListener("submit", this.#replaceFile, { signal, capture: true });
  }

  disconnectedCallback(): void {
    this.#listeners.abort();
    this.#picture?.close();
    this.#picture = null;
  }

  get #file(): HTMLInputElement | null {
    return this.querySelector("input[type=file]");
  }

  get #zoom(): HTMLInputElement | null {
    return this.querySelector("[data-part=zoom]");
  }

  get #canvas(): HTMLCanvasElement | null {
    return this.querySelector("canvas");
  }

  async #load(): Promise<void> {
    const file = this.#file?.files?.[0];
    const picture = file ? await createImageBitmap(file).catch(() => null) : null;
    this.#picture?.close();
    this.#picture = picture;
    this.#complain(file !== undefined && !picture);
    this.querySelector("[data-part=stage]")?.toggleAttribute("hidden", !picture);
    if (!picture) return;
    this.#cut = firstCut(picture);
    if (this.#zoom) this.#zoom.value = "1";
    this.#draw();
  }

  #complain(isUnreadable: boolean): void {
    const field = this.#file;
    if (!field) return;
    field.dataset.textInvalid = this.dataset.textUnreadable ?? "";
    field.setCustomValidity(isUnreadable ? "unreadable" : "");
    showErrorOf(field);
  }

  readonly #onZoom = (): void => {
    if (!this.#picture) return;
    this.#cut = enlarged(this.#cut, Number(this.#zoom?.value), this.#picture);
    this.#draw();
  };

  readonly #onPress = (event: PointerEvent): void => {
    this.#canvas?.setPointerCapture(event.pointerId);
  };

  readonly #onDrag = (event: PointerEvent): void => {
    const canvas = this.#canvas;
    if (!event.buttons || !canvas) return;
    const scale = canvas.width / canvas.clientWidth;
    this.#move(event.movementX * scale, event.movementY * scale);
  };

  readonly #onKey = (event: KeyboardEvent): void => {
    const arrow = ARROWS[event.key];
    if (!arrow) return;
    event.preventDefault();
    this.#move(...arrow);
  };

  #move(right: number, down: number): void {
    if (!this.#picture || !this.#canvas) return;
    const pixels = this.#cut.side / this.#canvas.width;
    this.#cut = moved(this.#cut, right * pixels, down * pixels, this.#picture);
    this.#draw();
  }

  #draw(): void {
    const canvas = this.#canvas;
    const pen = canvas?.getContext("2d");
    if (!canvas || !pen || !this.#picture) return;
    const { left, top, side } = this.#cut;
    pen.fillStyle = "#fff"; // behind see-through pictures
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(this.#picture, left, top, side, side, 0, 0, canvas.width, canvas.height);
  }

  /** At once, not when a promise is kept: the form is read right after this. */
  readonly #replaceFile = (): void => {
    const canvas = this.#canvas;
    if (!canvas || !this.#picture || !this.#file) return;
    const drawn = canvas.toDataURL("image/jpeg", 0.92);
    const octets = Uint8Array.from(atob(drawn.split(",")[1] ?? ""), (char) => char.charCodeAt(0));
    const files = new DataTransfer();
    files.items.add(new File([octets], "picture.jpg", { type: "image/jpeg" }));
    this.#file.files = files.files;
  };
}

export function registerPictureCrop(): void {
  customElements.define("picture-crop", PictureCrop);
}
