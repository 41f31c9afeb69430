/* The offer that travels with a ring: written before the call exists, taken seriously once it does. */
import { plainDescription } from "./descriptions.ts";
import type { Description } from "./protocol.ts";
import { makeSeats } from "./seats.ts";

export class Draft {
  #description: Description | null = null;

  /** Whether it was this page that rang with this connection. */
  get isOurs(): boolean {
    return this.#description !== null;
  }

  /** Nothing is gathered before the call exists. */
  async write(connection: RTCPeerConnection, stream: MediaStream): Promise<Description> {
    makeSeats(connection, stream);
    this.#description = plainDescription(await connection.createOffer());
    return this.#description;
  }

  /** The call exists: now with the servers that it may use. */
  async use(connection: RTCPeerConnection, configuration: RTCConfiguration): Promise<void> {
    if (this.#description === null || connection.signalingState !== "stable") return;
    connection.setConfiguration(configuration);
    await connection.setLocalDescription(this.#description);
  }

  clear(): void {
    this.#description = null;
  }
}
