/* The data channel `files` (negotiated, id 1): bytes to one other page, no faster than it takes
   them. Belongs to one connection and ends with it. */

/** What every browser takes, and what those take that say so (RFC 8841, max-message-size). */
const SMALL = 16_384;
const LARGE = 65_536;
/** Not more than this waits in the browser, so that words and sound are not held up. */
const FULL = 512 * 1024;
const LOW = 128 * 1024;

export class Pipe {
  readonly #channel: RTCDataChannel;
  readonly #connection: Pick<RTCPeerConnection, "sctp">;
  #waiting: { resolve: () => void; reject: (error: Error) => void }[] = [];

  constructor(connection: RTCPeerConnection, onBytes: (bytes: ArrayBuffer) => void) {
    this.#connection = connection;
    this.#channel = connection.createDataChannel("files", { negotiated: true, id: 1 });
    this.#channel.binaryType = "arraybuffer";
    this.#channel.bufferedAmountLowThreshold = LOW;
    this.#channel.onopen = () => this.#go();
    this.#channel.onbufferedamountlow = () => this.#go();
    this.#channel.onclose = () => this.end();
    this.#channel.onmessage = ({ data }) => {
      if (data instanceof ArrayBuffer && data.byteLength <= LARGE) onBytes(data);
    };
  }

  /** How long one message may be. */
  get longest(): number {
    return (this.#connection.sctp?.maxMessageSize ?? SMALL) >= LARGE ? LARGE : SMALL;
  }

  /** Until there is room for another message. Rejects where the connection ends first. */
  room(): Promise<void> {
    const { readyState, bufferedAmount } = this.#channel;
    if (readyState === "open" && bufferedAmount < FULL) return Promise.resolve();
    if (readyState === "closing" || readyState === "closed") return Promise.reject(cut());
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  /** Throws where the connection has ended. */
  send(bytes: Uint8Array<ArrayBuffer>): void {
    if (this.#channel.readyState !== "open") throw cut();
    this.#channel.send(bytes);
  }

  /** Whoever waits here waits in vain: a connection that we close ourselves does not say so. */
  end(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { reject } of waiting) reject(cut());
  }

  #go(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { resolve } of waiting) resolve();
  }
}

function cut(): Error {
  return new Error("The connection has ended.");
}
