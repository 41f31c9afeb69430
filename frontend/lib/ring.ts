/* What belongs to a ring until it is taken: the offer that came with it, what its caller sent
   meanwhile, and our own ring as the socket told of it before the server's reply. */
import type { CallState, Candidate, Description, Signal } from "./protocol.ts";
import type { Room } from "./room.ts";

export class Ring {
  offer: Description | null = null;
  heard: CallState | null = null;
  #early: { from: string; candidate: Candidate | null }[] = [];

  keep(from: string, signal: Signal): void {
    if ("candidate" in signal) this.#early.push({ from, candidate: signal.candidate });
  }

  deliver(room: Room): void {
    for (const { from, candidate } of this.#early.splice(0)) void room.receive(from, { candidate });
  }

  /** Let `room` get ready for what rings, as far as may be. */
  warm(room: Room, call: CallState): void {
    if (this.offer) void room.prepare(call, this.offer);
    this.deliver(room);
  }

  clear(): void {
    this.offer = null;
    this.#early = [];
  }
}
