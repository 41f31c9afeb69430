/* The addresses that both ends of one connection try: ours as far as told, theirs as far as they
   can be used already. */
import { plainCandidate } from "./descriptions.ts";
import { Generations } from "./generations.ts";
import type { Candidate } from "./protocol.ts";

export class Candidates {
  readonly #send: (candidate: Candidate | null) => void;
  readonly #generations = new Generations();
  #early: (Candidate | null)[] = [];
  #sent: (Candidate | null)[] = [];

  constructor(send: (candidate: Candidate | null) => void) {
    this.#send = send;
  }

  gathered(candidate: RTCIceCandidate | null): void {
    const plain = plainCandidate(candidate);
    this.#sent.push(plain);
    this.#send(plain);
  }

  /** Their page was reloaded, and has not seen what we sent meanwhile. */
  sendAgain(): void {
    for (const candidate of this.#sent) this.#send(candidate);
  }

  /** One of theirs, which may arrive before the description that it belongs to. */
  async add(connection: RTCPeerConnection, candidate: Candidate | null): Promise<void> {
    if (connection.remoteDescription === null) this.#early.push(candidate);
    // null and undefined both mean "that was all"; some browsers accept only the one without.
    else if (candidate) await connection.addIceCandidate(this.#generations.rank(candidate));
  }

  async useEarly(connection: RTCPeerConnection): Promise<void> {
    const early = this.#early.splice(0);
    for (const candidate of early) await this.add(connection, candidate).catch(() => undefined);
  }

  /** For a new connection. */
  clear(): void {
    this.#early = [];
    this.#sent = [];
    this.#generations.clear();
  }
}
