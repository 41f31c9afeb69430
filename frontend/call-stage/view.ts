/* What the stage looks like for a state of the session. Only reads the session; only writes to
   the server's markup: hidden, data-*, aria-pressed, text. */
import { formatDuration, secondsBetween } from "../lib/clock.ts";
import { initials, isGroupCall, otherNames } from "../lib/machine.ts";
import type { Peer } from "../lib/peer.ts";
import type { CallSession } from "../lib/session.ts";
import { part, sentence, showFor, write } from "./parts.ts";
import { explainProblems } from "./problems.ts";
import { RemotePicture } from "./remote-picture.ts";

const SOON = 150;

export class StageView {
  readonly remote: RemotePicture;
  readonly #stage: HTMLElement;
  readonly #session: CallSession;
  readonly #status: HTMLElement;
  readonly #ownVideo: HTMLVideoElement;
  #closedProblems = "";
  #announced = "";

  constructor(stage: HTMLElement, session: CallSession) {
    this.#stage = stage;
    this.#session = session;
    this.#status = this.#part("status");
    this.#ownVideo = part<HTMLVideoElement>(stage, "own-video");
    this.remote = new RemotePicture(part<HTMLVideoElement>(stage, "remote"), () => this.render());
  }

  render(): void {
    const { phase } = this.#session.machine;
    // Several others have a tile each (people/tiles.ts).
    const isGroup = isGroupCall(this.#session.machine);
    const [peer] = isGroup ? [] : (this.#session.room?.peers ?? []);
    this.#stage.toggleAttribute("data-group", isGroup);
    this.#stage.dataset.state = phase;
    showFor(this.#stage, phase);
    this.#showPerson(phase === "active" ? peer : undefined);
    this.#showRemote(phase === "active" ? peer : undefined);
    this.#showOwn();
    this.#showProblems();
    this.showTime();
    if (!isGroup) this.#announce(peer);
  }

  /** Once a second. */
  showTime(): void {
    const { call, ending, phase } = this.#session.machine;
    const isRunning = phase === "active" && call !== null;
    const seconds = isRunning ? secondsBetween(call.accepted_at, this.#session.now()) : 0;
    if (isRunning) write(this.#part("clock"), formatDuration(seconds));
    this.#part("length").hidden = phase !== "ended" || !ending?.seconds;
    if (ending?.seconds) write(this.#part("length-value"), formatDuration(ending.seconds));
  }

  /** The person has read it; it comes back only when something else is wrong. */
  closeProblems(): void {
    this.#closedProblems = JSON.stringify(this.#session.media.problems);
    this.#showProblems();
  }

  #showPerson(peer: Peer | undefined): void {
    const { phase, otherName } = this.#session.machine;
    if (phase === "idle") return;
    write(this.#part("name"), otherName);
    write(this.#part("title"), otherName);
    const { call } = this.#session.machine;
    const alias = call ? otherNames(call) : "";
    this.#part("alias").hidden = alias === "";
    write(this.#part("alias-name"), alias);
    write(this.#part("initials"), initials(otherName));
    write(this.#status, this.#statusText(peer));
  }

  #statusText(peer: Peer | undefined): string {
    const { phase, ending } = this.#session.machine;
    if (phase === "ended") return ending?.message || this.#say(ending?.reason ?? "completed");
    if (phase !== "active") return this.#say(phase);
    return this.#say(
      peer === undefined || peer.care.health === "connecting" ? "connecting" : "active",
    );
  }

  #showRemote(peer: Peer | undefined): void {
    const hasMet = peer !== undefined && peer.care.health !== "connecting";
    const hasPicture = hasMet && peer.devices.camera;
    this.#stage.toggleAttribute("data-picture", hasPicture);
    this.remote.show(peer?.stream ?? null);
    this.#part("remote-muted").hidden = !hasMet || peer.devices.microphone;
    this.#part("trouble").hidden = peer?.care.health !== "lost";
    this.#part("sound").hidden = peer === undefined || !this.remote.isSilenced;
  }

  #showOwn(): void {
    const { media, machine } = this.#session;
    const { camera, microphone } = media.states;
    this.#part("camera").setAttribute("aria-pressed", String(camera));
    this.#part("microphone").setAttribute("aria-pressed", String(microphone));
    this.#part("own").toggleAttribute("data-off", !camera);
    const stream = machine.isBusy && camera ? media.stream : null;
    if (this.#ownVideo.srcObject !== stream) this.#ownVideo.srcObject = stream;
  }

  #showProblems(): void {
    const { media, machine } = this.#session;
    const isClosed = this.#closedProblems === JSON.stringify(media.problems);
    const matters = machine.phase === "outgoing" || machine.phase === "active";
    const hasProblems = explainProblems(media.problems, this.#part("problem-text"));
    this.#part("problem").hidden = !hasProblems || !matters || isClosed;
  }

  #announce(peer: Peer | undefined): void {
    const { phase, otherName } = this.#session.machine;
    let text = "";
    if (phase === "active" && peer?.care.health === "lost")
      text = this.#part("trouble").textContent;
    else if (phase === "active" && peer?.care.health === "connected") text = this.#say("connected");
    else if (phase !== "idle") text = `${otherName}: ${this.#statusText(peer)}`;
    if (text === this.#announced) return;
    this.#announced = text;
    // A moment later: a live region that has only just appeared is not yet listened to.
    setTimeout(() => write(this.#part("announcement"), text.trim()), SOON);
  }

  #say(key: string): string {
    return sentence(this.#status, key);
  }

  #part(name: string): HTMLElement {
    return part(this.#stage, name);
  }
}
