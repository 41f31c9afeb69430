/* The places of a connection: sound, camera, screen, known by their order. Made once, and filled with
   whatever this page has at the moment, so that nothing needs to be negotiated again. */
import type { Device } from "./media.ts";

export type Seat = Device | "screen";

/** In the order of the description's sections. Pages from before the screen have only two. */
const SEATS: Seat[] = ["microphone", "camera", "screen"];

/** The offering side makes the seats. */
export function makeSeats(connection: RTCPeerConnection, stream: MediaStream): void {
  // One stream for both, so that the other browser keeps lips and voice together.
  connection.addTransceiver("audio", { direction: "sendrecv", streams: [stream] });
  connection.addTransceiver("video", { direction: "sendrecv", streams: [stream] });
  connection.addTransceiver("video", { direction: "sendrecv" });
}

/** The answering side finds them made by the offer, and uses them both ways. */
export function takeSeats(connection: RTCPeerConnection, stream: MediaStream): void {
  for (const transceiver of connection.getTransceivers()) {
    // Only once: every change of streams asks for another negotiation, and so on for ever.
    if (transceiver.direction === "sendrecv") continue;
    transceiver.direction = "sendrecv";
    if (seatOf(connection, transceiver) !== "screen") transceiver.sender.setStreams?.(stream);
  }
}

export async function fillSeats(
  connection: RTCPeerConnection,
  track: (seat: Seat) => MediaStreamTrack | null,
): Promise<void> {
  for (const transceiver of connection.getTransceivers()) {
    const seat = seatOf(connection, transceiver);
    const wanted = seat ? track(seat) : null;
    if (transceiver.sender.track !== wanted) await transceiver.sender.replaceTrack(wanted);
  }
}

export function seatOf(
  connection: RTCPeerConnection,
  transceiver: RTCRtpTransceiver,
): Seat | undefined {
  return SEATS[connection.getTransceivers().indexOf(transceiver)];
}

/** Whether a screen could be sent to them. */
export function hasScreenSeat(connection: RTCPeerConnection): boolean {
  return connection.getTransceivers().length >= SEATS.length;
}
