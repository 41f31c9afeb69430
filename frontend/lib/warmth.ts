/* Warming up while it rings: with a relay the whole answer is set before it is sent, so that the
   way stands when somebody accepts. Only the relay's address is heard of until then. */
import type { Clock } from "./clock.ts";

/** Until the direct way is looked for: the first picture goes before. */
const SETTLED = 1_000;

export class Warmth {
  readonly #clock: Clock;
  #warmed: RTCPeerConnection | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  isIn(connection: RTCPeerConnection): boolean {
    return this.#warmed === connection;
  }

  /** An answer that is set sends packets to the caller: over the relay, or not yet. */
  async warm(connection: RTCPeerConnection, relay: RTCConfiguration): Promise<void> {
    connection.setConfiguration({ ...relay, iceTransportPolicy: "relay" });
    this.#warmed = connection;
    await connection.setLocalDescription();
  }

  /** Accepted: look for the direct way too; at once where the relay has given nothing. */
  widen(connection: RTCPeerConnection, configuration: RTCConfiguration): void {
    if (!this.isIn(connection)) return;
    const hasWay = connection.localDescription?.sdp.includes("a=candidate") === true;
    this.#clock.later(hasWay ? SETTLED : 0, () => {
      if (connection.signalingState === "closed") return;
      connection.setConfiguration({ ...configuration, iceTransportPolicy: "all" });
      connection.restartIce();
    });
  }
}
