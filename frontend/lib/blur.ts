/* The background of one's own picture, blurred where somebody wants it. Once it is on no camera gets
   past it: whoever asks for a picture waits for the first blurred one. What does the work
   (frontend/blur/) is fetched at the first wish. */
import type { LocalMedia } from "./media.ts";

/** Why it went off by itself. */
export type Trouble = "slow" | "broken";
export type BlurState = "off" | "loading" | "on" | "failed" | Trouble;

/** A camera behind its blurred picture. */
export interface Veiled {
  /** What others may see. Stopping it stops the camera as well. */
  track: MediaStreamTrack;
  /** The camera itself again; the blurred picture ends. */
  uncover(): MediaStreamTrack;
}

export interface Blurrer {
  /** Settles with the first blurred picture; rejects where none comes of it. */
  cover(camera: MediaStreamTrack, onTrouble: (trouble: Trouble) => void): Promise<Veiled>;
  close(): void;
}

export class Blur {
  state: BlurState = "off";
  readonly #media: LocalMedia;
  readonly #load: () => Promise<Blurrer>;
  readonly #changed: (state: BlurState) => void;
  #blurrer: Blurrer | null = null;
  #veiled: Veiled | null = null;
  #wish = 0;

  constructor(
    media: LocalMedia,
    load: () => Promise<Blurrer>,
    changed: (state: BlurState) => void,
  ) {
    this.#media = media;
    this.#load = load;
    this.#changed = changed;
  }

  async on(): Promise<void> {
    if (this.state === "on" || this.state === "loading") return;
    const wish = ++this.#wish;
    this.#turn("loading");
    const blurrer = await this.#load().catch(() => null);
    if (wish !== this.#wish) return blurrer?.close();
    if (blurrer === null) return this.#turn("failed");
    this.#blurrer = blurrer;
    this.#media.veil = (camera) => this.#cover(blurrer, camera);
    const isVeiled = await this.#coverPresent(blurrer);
    if (wish !== this.#wish) return;
    if (!isVeiled) this.#end();
    this.#turn(isVeiled ? "on" : "failed");
  }

  /** Back to the camera itself; also stops what is still being fetched. */
  off(): void {
    this.#giveUp("off");
  }

  /** The picture that is there already; it stays as it is until the blurred one takes its place. */
  async #coverPresent(blurrer: Blurrer): Promise<boolean> {
    const sharp = this.#media.track("camera");
    if (sharp === null) return true;
    // A copy: the picture in use goes on until then, and ends by being exchanged.
    const camera = sharp.clone();
    try {
      const veiled = await this.#put(blurrer, camera);
      // Switched off, or another one chosen, meanwhile: that has gone through the veil by itself.
      if (this.#blurrer !== blurrer || this.#media.track("camera") !== sharp) veiled.track.stop();
      else this.#show(veiled);
      return true;
    } catch {
      camera.stop();
      return false;
    }
  }

  async #cover(blurrer: Blurrer, camera: MediaStreamTrack): Promise<MediaStreamTrack> {
    try {
      const veiled = await this.#put(blurrer, camera);
      if (this.#blurrer !== blurrer) return veiled.uncover();
      this.#veiled = veiled;
      return veiled.track;
    } catch (error) {
      // Not wanted any more: then the camera itself is what was asked for.
      if (this.#blurrer !== blurrer) return camera;
      camera.stop();
      this.#stumble("broken");
      throw error;
    }
  }

  #put(blurrer: Blurrer, camera: MediaStreamTrack): Promise<Veiled> {
    return blurrer.cover(camera, (trouble) => {
      if (this.#blurrer === blurrer) this.#stumble(trouble);
    });
  }

  #show(veiled: Veiled): void {
    this.#veiled = veiled;
    this.#media.exchange(veiled.track);
  }

  /** Too slow: the picture goes on without. No blurred picture at all any more: it is switched off
      rather than shown as it is, since nobody has decided that. */
  #stumble(trouble: Trouble): void {
    if (trouble === "broken") void this.#media.set("camera", false);
    this.#giveUp(trouble);
  }

  #giveUp(state: BlurState): void {
    this.#wish += 1;
    const veiled = this.#veiled;
    this.#media.veil = null;
    if (veiled !== null && this.#media.track("camera") === veiled.track)
      this.#media.exchange(veiled.uncover());
    this.#end();
    if (this.state !== state) this.#turn(state);
  }

  #end(): void {
    this.#media.veil = null;
    this.#veiled = null;
    this.#blurrer?.close();
    this.#blurrer = null;
  }

  #turn(state: BlurState): void {
    this.state = state;
    this.#changed(state);
  }
}
