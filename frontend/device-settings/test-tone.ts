/* The tone of a call, once, through the loudspeaker that is being tried. */
import { Tones } from "../lib/tones.ts";

export const canChooseSpeaker = (): boolean => "setSinkId" in HTMLMediaElement.prototype;

export class TestTone {
  readonly #tones = new Tones();
  readonly #player = new Audio();

  /** `speaker`: its id, "" for the system's own. False: it did not sound there. */
  async play(speaker: string): Promise<boolean> {
    try {
      if (canChooseSpeaker()) await this.#player.setSinkId(speaker);
      await this.#tones.sample(speaker === "" ? undefined : (context) => this.#through(context));
      return true;
    } catch {
      return false;
    }
  }

  stop(): void {
    this.#tones.stop();
    this.#player.pause();
    this.#player.srcObject = null;
  }

  /** Not every browser lets an AudioContext choose where it sounds, but an <audio>. */
  async #through(context: AudioContext): Promise<AudioNode> {
    const exit = context.createMediaStreamDestination();
    this.#player.srcObject = exit.stream;
    await this.#player.play();
    return exit;
  }
}
