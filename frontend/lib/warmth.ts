/* Warming up while it rings: the caller gets the answer before the accept, with nothing in it that
   shows where this computer is (decision 29). With a relay the answer is set, with the relay's
   address alone, so that the way stands when somebody accepts; without one it is set at the accept,
   and the caller is ready for the first packet. No picture and no sound goes before. */
import type { Candidates } from "./candidates.ts";
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
  /** The answer that was told and not yet set, and whose it is. */
  #bare: { connection: RTCPeerConnection; answer: Description } | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  isIn(connection: RTCPeerConnection): boolean {
    return this.#warmed === connection;
  }

  /** An answer that is set sends packets to the caller: over the relay, or not yet. */
  async warm(connection: RTCPeerConnection, relay: RTCConfiguration | null): Promise<void> {
    if (relay === null) {
      this.#bare = { connection, answer: plainDescription(await connection.createAnswer()) };
      return;
    }
    connection.setConfiguration({ ...relay, iceTransportPolicy: "relay" });
    this.#warmed = connection;
    await connection.setLocalDescription();
  }

  /** What the caller may know while it rings: the answer with the relay's address once that is
      known, or without any. Null where the relay gives none in time. */
  async answerOf(connection: RTCPeerConnection): Promise<Description | null> {
    if (this.#bare?.connection === connection) return withRelaysAlone(this.#bare.answer);
    for (let look = 0; look < LOOKS; look += 1) {
      if (!this.isIn(connection) || connection.signalingState === "closed") return null;
      const { localDescription } = connection;
      if (localDescription?.sdp.includes(" typ relay"))
        return withRelaysAlone(plainDescription(localDescription));
      await new Promise<void>((done) => this.#clock.later(LOOK, done));
    }
    return null;
  }

  /** Accepted: set the answer, the one that was told where there is one. */
  async answer(connection: RTCPeerConnection): Promise<Description> {
    const bare = this.#bare?.connection === connection ? this.#bare.answer : undefined;
    this.#bare = null;
    if (!this.isIn(connection)) await connection.setLocalDescription(bare);
    const { localDescription } = connection;
    if (localDescription === null) throw new Error("no answer was set");
    return plainDescription(localDescription);
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
  candidates: Candidates,
): Promise<boolean> {
  if (answer === null) return false;
  if (connection.signalingState !== "have-local-offer") return isOfSamePage(connection, answer);
  await connection.setRemoteDescription(answer);
  await candidates.useEarly(connection);
  // A callee that was reloaded while it rang has not seen what we sent meanwhile.
  candidates.sendAgain();
  return true;
}
