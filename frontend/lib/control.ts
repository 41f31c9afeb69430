/* The data channel that every connection has from the start: each side tells whether its camera
   and microphone are on. Peer to peer; the server never hears of it. */
import type { DeviceStates } from "./media.ts";

export class Control {
  readonly #channel: RTCDataChannel;

  constructor(
    connection: RTCPeerConnection,
    onOpen: () => void,
    onTold: (told: DeviceStates) => void,
  ) {
    this.#channel = connection.createDataChannel("control", { negotiated: true, id: 0 });
    this.#channel.onopen = onOpen;
    this.#channel.onmessage = ({ data }) => {
      const told = parse(data);
      if (told !== null) onTold(told);
    };
  }

  tell(states: DeviceStates): void {
    if (this.#channel.readyState === "open") this.#channel.send(JSON.stringify(states));
  }
}

function parse(data: unknown): DeviceStates | null {
  try {
    const { camera, microphone } = JSON.parse(String(data));
    return { camera: camera === true, microphone: microphone === true };
  } catch {
    return null;
  }
}
