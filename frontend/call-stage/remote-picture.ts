/* The other person's picture and sound. Browsers may refuse sound until somebody touches the page. */

export class RemotePicture {
  readonly #video: HTMLVideoElement;
  readonly #changed: () => void;
  #isSilenced = false;

  constructor(video: HTMLVideoElement, changed: () => void) {
    this.#video = video;
    this.#changed = changed;
    video.addEventListener("resize", () => {
      video.toggleAttribute("data-upright", video.videoHeight > video.videoWidth);
    });
  }

  /** The browser plays the picture but keeps the sound back. */
  get isSilenced(): boolean {
    return this.#isSilenced;
  }

  show(stream: MediaStream | null): void {
    if (this.#video.srcObject === stream) return;
    this.#video.srcObject = stream;
    this.#video.muted = false;
    this.#isSilenced = false;
    if (stream !== null) void this.#play();
  }

  /** "Ton einschalten": this time there was a touch. */
  async unmute(): Promise<void> {
    this.#video.muted = false;
    this.#isSilenced = false;
    await this.#play();
    this.#changed();
  }

  async #play(): Promise<void> {
    try {
      await this.#video.play();
    } catch (error) {
      // AbortError: another stream took its place meanwhile.
      if (!(error instanceof DOMException) || error.name !== "NotAllowedError") return;
      this.#isSilenced = true;
      this.#video.muted = true;
      this.#changed();
      await this.#video.play().catch(() => undefined);
    }
  }
}
