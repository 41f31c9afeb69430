/* Warming up while it rings: with a relay the answer is set, and told with nothing but the relay's
   address in it, so that the way stands when somebody accepts (decision 29). No picture and no
   sound takes it before, and no other address is heard of. */
import type { Clock } from "./clock.ts";
import { isOfSamePage, plainDescription, withRelaysAlone } from "./descriptions.ts";
import type { Description } from "./protocol.ts";

/** Until the direct way is looked for: the first picture goes before. */
const SETTLED = 1_000;
/** How long the relay has for its address, and how often we look. */
const LOOK = 50;
const LOOKS = 60;

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

  /** The answer with the relay's address once it is known, for the caller to try while it rings.
      Null where there is none in time. */
  async answerOf(connection: RTCPeerConnection): Promise<Description | null> {
    for (let look = 0; look < LOOKS; look += 1) {
      if (!this.isIn(connection) || connection.signalingState === "closed") return null;
      if (connection.localDescription?.sdp.includes(" typ relay")) break;
      await new Promise<void>((done) => this.#clock.later(LOOK, done));
    }
    const { localDescription } = connection;
    return localDescription ? withRelaysAlone(plainDescription(localDescription)) : null;
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

/** Take the accept's answer; whether the connection stands by it. It may have come early. */
export async function takesAnswer(
  connection: RTCPeerConnection,
  answer: Description | null,
): Promise<boolean> {
  if (answer === null) return false;
  if (connection.signalingState !== "have-local-offer") return isOfSamePage(connection, answer);
  await connection.setRemoteDescription(answer);
  return true;
}
