/* "Ihr Mikrofon ist aus": said to somebody who talks with the microphone off, and to somebody whose
   microphone is on and gives nothing. What is measured for it never leaves this page. */
import { measureLevel } from "../lib/level.ts";
import type { CallSession } from "../lib/session.ts";
import { Speech } from "../lib/speech.ts";
import type { StageFeature } from "./features.ts";
import type { Notices } from "./notices.ts";

const NOT_AGAIN = 30_000;

export class MicrophoneHints implements StageFeature {
  readonly #session: CallSession;
  readonly #notices: Notices;
  #listens: { track: MediaStreamTrack; isOn: boolean } | null = null;
  #stop: (() => void) | null = null;
  #saidAt = Number.NEGATIVE_INFINITY;

  constructor(session: CallSession, notices: Notices) {
    this.#session = session;
    this.#notices = notices;
  }

  render(): void {
    const { machine, media, room } = this.#session;
    const isMet = room?.peers.some(({ care }) => care.health === "connected") === true;
    const track = machine.phase === "active" && isMet ? media.track("microphone") : null;
    const isOn = media.states.microphone;
    if (this.#listens?.track === track && this.#listens?.isOn === isOn) return;
    this.#end();
    if (track === null || track.readyState !== "live") return;
    this.#listens = { track, isOn };
    if (isOn) this.#expectSound(track);
    else this.#expectSilence(track);
  }

  #end(): void {
    this.#stop?.();
    this.#stop = null;
    this.#listens = null;
    this.#notices.takeBack("microphone-silent");
    if (this.#session.media.states.microphone) this.#notices.takeBack("muted-speaking");
  }

  #expectSound(track: MediaStreamTrack): void {
    const speech = new Speech();
    this.#stop = measureLevel(new MediaStream([track]), (level) => {
      speech.hear(level);
      if (!speech.isDead) this.#notices.takeBack("microphone-silent");
      else if (!this.#notices.says("microphone-silent"))
        this.#notices.say("microphone-silent", {}, true);
    });
  }

  #expectSilence(track: MediaStreamTrack): void {
    // The track itself gives nothing while it is off.
    const ear = track.clone();
    ear.enabled = true;
    const speech = new Speech();
    const stop = measureLevel(new MediaStream([ear]), (level) => {
      speech.hear(level);
      if (!speech.isSpoken || performance.now() - this.#saidAt < NOT_AGAIN) return;
      this.#saidAt = performance.now();
      this.#notices.say("muted-speaking");
    });
    this.#stop = () => {
      stop();
      ear.stop();
    };
  }
}
