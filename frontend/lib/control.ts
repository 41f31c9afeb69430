/* The data channel that every connection has from the start: each side tells whether its camera
   and microphone are on, and that it hangs up. Peer to peer; the server never hears of it. */
import type { DeviceStates } from "./media.ts";

const BYE = "bye";

export class Control {
  readonly #channel: RTCDataChannel;

  constructor(
    connection: RTCPeerConnection,
    onOpen: () => void,
    onTold: (told: DeviceStates) => void,
    onBye: () => void,
  ) {
    this.#channel = connection.createDataChannel("control", { negotiated: true, id: 0 });
    this.#channel.onopen = onOpen;
    this.#channel.onmessage = ({ data }) => {
      const told = parse(data);
      if (told === BYE) onBye();
      else if (told !== null) onTold(told);
    };
  }

  tell(states: DeviceStates): void {
    this.#send(states);
  }

  /** We hang up. */
  bye(): void {
    this.#send({ bye: true });
  }

  #send(word: object): void {
    if (this.#channel.readyState === "open") this.#channel.send(JSON.stringify(word));
  }
}

function parse(data: unknown): DeviceStates | typeof BYE | null {
  try {
    const { bye, camera, microphone } = JSON.parse(String(data));
    if (bye === true) return BYE;
    return { camera: camera === true, microphone: microphone === true };
  } catch {
    return null;
  }
}
