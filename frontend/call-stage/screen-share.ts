/* "Bildschirm teilen": one person at a time shows their screen, large and uncropped; the cameras
   stay as small pictures. Word `screen {on}` (docs/protocol.md). */
import type { Phase } from "../lib/machine.ts";
import type { Peer } from "../lib/peer.ts";
import { hasScreenSeat } from "../lib/seats.ts";
import type { CallSession } from "../lib/session.ts";
import type { StageFeature } from "./features.ts";
import type { Notices } from "./notices.ts";
import { part, write } from "./parts.ts";

export class ScreenShare implements StageFeature {
  readonly actions = {
    "share-screen": () => void this.#toggle(),
    "stop-screen": () => this.#stop(),
  };
  readonly keys = { s: () => void this.#toggle() };
  readonly #stage: HTMLElement;
  readonly #session: CallSession;
  readonly #notices: Notices;
  readonly #video: HTMLVideoElement;
  /** Who shows us theirs. */
  #sharer: string | null = null;
  #told = false;
  #choosing = false;

  constructor(stage: HTMLElement, session: CallSession, notices: Notices) {
    this.#stage = stage;
    this.#session = session;
    this.#notices = notices;
    this.#video = part<HTMLVideoElement>(stage, "screen");
    for (const button of this.#buttons()) button.hidden = !session.media.screen.isPossible;
    session.words.on("screen", ({ on }, from) => this.#heard(on === true, from));
    session.words.onMeeting((code) => this.#tell(code));
  }

  render(): void {
    const isOn = this.#isOn;
    for (const button of this.#buttons()) button.setAttribute("aria-pressed", String(isOn));
    part(this.#stage, "sharing").hidden = !isOn;
    if (isOn !== this.#told) this.#tell();
    this.#told = isOn;
    this.#showTheirs();
  }

  turned(phase: Phase): void {
    if (phase === "active") return;
    this.#sharer = null;
    this.#stop();
    this.#showTheirs();
  }

  get #isOn(): boolean {
    return this.#session.media.screen.track !== null;
  }

  async #toggle(): Promise<void> {
    const { machine, media, room } = this.#session;
    if (this.#isOn) return this.#stop();
    if (machine.phase !== "active" || this.#choosing || !media.screen.isPossible) return;
    if (this.#sharer !== null) return this.#notices.say("screen-taken", this.#name);
    if (!room?.peers.some(({ connection }) => hasScreenSeat(connection)))
      return this.#notices.say("screen-unable", this.#name);
    this.#choosing = true;
    const began = await media.screen.start();
    this.#choosing = false;
    if (!began) this.#notices.say("screen-unchosen");
    // Meanwhile the call has ended, or they were quicker.
    else if (this.#session.machine.phase !== "active") this.#stop();
    else if (this.#sharer !== null) this.#yield();
  }

  #stop(): void {
    this.#session.media.screen.stop();
  }

  #yield(): void {
    this.#stop();
    this.#notices.say("screen-taken", this.#name);
  }

  #heard(on: boolean, from: string): void {
    const me = this.#session.machine.call?.me ?? "";
    if (!on && this.#sharer === from) this.#sharer = null;
    if (on) {
      // Both began at the same moment: everybody knows by the codes who goes on.
      if (this.#isOn && me < from) return;
      this.#sharer = from;
      if (this.#isOn) this.#yield();
    }
    this.#showTheirs();
  }

  #tell(to?: string): void {
    this.#session.words.tell({ type: "screen", on: this.#isOn }, to);
  }

  #showTheirs(): void {
    const peer = this.#peer();
    const isShown = peer !== undefined && peer.care.health !== "connecting";
    const stream = isShown ? peer.screen : null;
    this.#stage.toggleAttribute("data-screen", isShown);
    part(this.#stage, "shown").hidden = !isShown;
    write(part(this.#stage, "shown-name"), isShown ? this.#name.name : "");
    if (this.#video.srcObject === stream) return;
    this.#video.srcObject = stream;
    if (stream !== null) this.#video.play().catch(() => undefined);
  }

  #peer(): Peer | undefined {
    return this.#session.room?.members.find(([code]) => code === this.#sharer)?.[1];
  }

  get #name(): { name: string } {
    const { call, otherName } = this.#session.machine;
    const sharer = call?.participants.find(({ code }) => code === this.#sharer);
    return { name: sharer?.name || otherName };
  }

  #buttons(): NodeListOf<HTMLElement> {
    return this.#stage.querySelectorAll<HTMLElement>('[data-action="share-screen"]');
  }
}
