/* A camera behind its blurred picture: to everybody who asks, the track is that camera. */
import type { Trouble, Veiled } from "../lib/blur.ts";
import type { Frame, Frames, Output } from "./frames.ts";
import { Pace } from "./pace.ts";

export interface Work {
  frames: Frames;
  output: Output;
  /** One blurred picture of this one, on the canvas that the track shows. */
  draw: (frame: Frame) => HTMLCanvasElement;
  now: () => number;
}

export class Veil implements Veiled {
  readonly track: MediaStreamTrack;
  readonly #camera: MediaStreamTrack;
  readonly #work: Work;
  readonly #pace = new Pace();
  readonly #stopTrack: () => void;
  #isOver = false;

  constructor(camera: MediaStreamTrack, work: Work) {
    this.#camera = camera;
    this.#work = work;
    this.track = work.output.track;
    this.#stopTrack = this.track.stop.bind(this.track);
    this.#standIn();
  }

  /** Settles with the first blurred picture; the others follow until the camera ends. */
  start(onTrouble: (trouble: Trouble) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      let hasBegun = false;
      const begun = (): void => {
        hasBegun = true;
        resolve();
      };
      this.#run(begun, () => onTrouble("slow")).then(
        // Without effect where the first picture was there.
        () => reject(new Error("The camera ended before its first picture.")),
        (error: unknown) => {
          if (this.#isOver) return reject(error);
          if (hasBegun) onTrouble("broken");
          else this.#end();
          reject(error);
        },
      );
    });
  }

  uncover(): MediaStreamTrack {
    this.#end();
    return this.#camera;
  }

  async #run(begun: () => void, onSlow: () => void): Promise<void> {
    const { frames } = this.#work;
    for (let isFirst = true; ; ) {
      const frame = await frames.next();
      if (frame === null || this.#isOver) return frame?.close();
      try {
        // A camera that is just starting has no size yet.
        if (frame.width === 0 || this.#pace.isResting(this.#work.now())) continue;
        this.#show(frame, isFirst);
      } finally {
        frame.close();
      }
      if (isFirst) begun();
      isFirst = false;
      if (this.#pace.isTooSlow(this.#work.now())) return onSlow();
    }
  }

  /** The first one makes everything ready: how long it takes says nothing about the others. */
  #show(frame: Frame, isFirst: boolean): void {
    const at = this.#work.now();
    this.#work.output.show(this.#work.draw(frame));
    if (!isFirst) this.#pace.note(at, this.#work.now() - at);
  }

  /** The name, the settings and the fate of the camera. */
  #standIn(): void {
    const camera = this.#camera;
    Object.defineProperties(this.track, {
      label: { get: () => camera.label },
      getSettings: { value: () => camera.getSettings() },
      stop: {
        value: () => {
          if (!this.#isOver) camera.stop();
          this.#end();
        },
      },
    });
    for (const type of ["mute", "unmute"])
      camera.addEventListener(type, () => {
        if (!this.#isOver) this.track.dispatchEvent(new Event(type));
      });
    camera.addEventListener("ended", () => {
      if (this.#isOver) return;
      this.#end();
      this.track.dispatchEvent(new Event("ended"));
    });
  }

  #end(): void {
    this.#isOver = true;
    this.#work.frames.close();
    this.#stopTrack();
  }
}
