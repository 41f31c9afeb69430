/* The data channel that every connection has from the start: what the two pages tell each other
   in a call, as small JSON words. Peer to peer; the server never hears of it. */

/** One word; `type` says who listens (docs/protocol.md, "Between the two pages"). */
export interface Word {
  type: string;
  [key: string]: unknown;
}

/** Longer ones are not sent: every browser takes messages of this size (RFC 8841). */
export const LONGEST_WORD = 16_384;

export class Control {
  readonly #channel: RTCDataChannel;

  constructor(connection: RTCPeerConnection, onOpen: () => void, onWord: (word: Word) => void) {
    this.#channel = connection.createDataChannel("control", { negotiated: true, id: 0 });
    this.#channel.onopen = onOpen;
    this.#channel.onmessage = ({ data }) => {
      const word = parse(data);
      if (word !== null) onWord(word);
    };
  }

  get isOpen(): boolean {
    return this.#channel.readyState === "open";
  }

  /** False where the other side cannot be reached at the moment. */
  tell(word: Word): boolean {
    const text = JSON.stringify(word);
    if (!this.isOpen || text.length > LONGEST_WORD) return false;
    this.#channel.send(text);
    return true;
  }
}

function parse(data: unknown): Word | null {
  if (typeof data !== "string" || data.length > LONGEST_WORD) return null;
  try {
    const word: unknown = JSON.parse(data);
    const isWord = typeof word === "object" && word !== null && "type" in word;
    return isWord && typeof word.type === "string" ? (word as Word) : null;
  } catch {
    return null;
  }
}

/** Whether the other page may say it before this one knows that somebody has accepted. */
export function mayComeEarly({ type }: Word): boolean {
  return type === "devices" || type === "accepted" || type.startsWith("code.");
}
