/* The two places of a connection, one for sound and one for picture: made once, and filled with
   whatever this page has at the moment, so that nothing needs to be negotiated again. */
import type { Device } from "./media.ts";

const DEVICES: Record<string, Device> = { video: "camera", audio: "microphone" };

/** The offering side makes the seats. */
export function makeSeats(connection: RTCPeerConnection, stream: MediaStream): void {
  // One stream for both, so that the other browser keeps lips and voice together.
  connection.addTransceiver("audio", { direction: "sendrecv", streams: [stream] });
  connection.addTransceiver("video", { direction: "sendrecv", streams: [stream] });
}

/** The answering side finds them made by the offer, and uses them both ways. */
export function takeSeats(connection: RTCPeerConnection, stream: MediaStream): void {
  for (const transceiver of connection.getTransceivers()) {
    // Only once: every change of streams asks for another negotiation, and so on for ever.
    if (transceiver.direction === "sendrecv") continue;
    transceiver.direction = "sendrecv";
    transceiver.sender.setStreams?.(stream);
  }
}

export async function fillSeats(
  connection: RTCPeerConnection,
  track: (device: Device) => MediaStreamTrack | null,
): Promise<void> {
  for (const { sender, receiver } of connection.getTransceivers()) {
    const device = DEVICES[receiver.track.kind];
    const wanted = device ? track(device) : null;
    if (sender.track !== wanted) await sender.replaceTrack(wanted);
  }
}
