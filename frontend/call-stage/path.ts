/* What the stage says about the way to the others: how good it is, that a picture pauses, and that
   no way is found. None of it ends a call; the people decide whether they go on. */
import type { Phase } from "../lib/machine.ts";
import type { Peer } from "../lib/peer.ts";
import type { Level } from "../lib/quality.ts";
import type { CallSession } from "../lib/session.ts";
import type { StageFeature } from "./features.ts";
import { part, sentence, write } from "./parts.ts";

/** By then a connection stands, wherever one is possible. */
const PATIENCE = 15_000;
const ORDER: Level[] = ["weak", "fair", "good"];

export class Path implements StageFeature {
  readonly #stage: HTMLElement;
  readonly #session: CallSession;
  #waiting: ReturnType<typeof setTimeout> | null = null;
  #isStuck = false;

  constructor(stage: HTMLElement, session: CallSession) {
    this.#stage = stage;
    this.#session = session;
  }

  turned(_phase: Phase): void {
    this.render();
  }

  render(): void {
    const isActive = this.#session.machine.phase === "active";
    const peers = isActive ? (this.#session.room?.peers ?? []) : [];
    this.#showQuality(peers);
    this.#showThin(peers);
    this.#waitFor(isActive, peers);
    part(this.#stage, "stuck").hidden = !this.#isStuck;
  }

  /** The worst of them: that is the one people notice. */
  #showQuality(peers: Peer[]): void {
    const quality = part(this.#stage, "quality");
    quality.hidden = peers.length === 0 || peers.some(({ care }) => care.health === "connecting");
    const levels = peers.map((peer) => (peer.care.health === "lost" ? "weak" : peer.care.level));
    const level = ORDER.find((one) => levels.includes(one)) ?? "good";
    quality.dataset.level = level;
    const word = part(this.#stage, "quality-word");
    write(word, sentence(word, level));
  }

  #showThin(peers: Peer[]): void {
    const thin = part(this.#stage, "thin");
    const theirs = peers.some(({ isPaused, devices }) => isPaused && devices.camera);
    const ours = peers.some(({ care }) => care.isPaused);
    // Where nothing comes in at all, that is the news.
    const isLost = peers.some(({ care }) => care.health === "lost");
    thin.hidden = !(theirs || ours) || isLost;
    part(this.#stage, "own").toggleAttribute("data-paused", ours);
    if (!theirs || peers.length > 1) return;
    // Not a picture that stands still: people take that for a call that hangs.
    this.#stage.removeAttribute("data-picture");
    write(part(this.#stage, "status"), sentence(thin, "status"));
  }

  #waitFor(isActive: boolean, peers: Peer[]): void {
    const isWell = !isActive || peers.every(({ care }) => care.health === "connected");
    if (isWell) {
      if (this.#waiting !== null) clearTimeout(this.#waiting);
      this.#waiting = null;
      this.#isStuck = false;
    } else if (this.#waiting === null) {
      this.#waiting = setTimeout(() => {
        this.#isStuck = true;
        this.render();
      }, PATIENCE);
    }
  }
}
