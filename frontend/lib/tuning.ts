/* What the browser is told about the worth of sound and picture. How much of each a path can carry
   stays its own business. */
import { type Seat, seatOf } from "./seats.ts";
import type { Picture } from "./thin.ts";

/** Bits per second; a face in 720 lines needs no more. */
const MOST = 1_700_000;
/** A screen full of text. */
const MOST_OF_A_SCREEN = 2_500_000;
const WHILE_TRYING = 150_000;

/** Sound before picture, and the picture as it may be at the moment. Never rejects: a browser that
    does not know one of these sends as it thinks best.

    `isFirst`: nothing is known of the path yet, and browsers leave out pictures that are too large
    for their first guess of it. Half the size goes at once, a fifth of a second earlier. */
export async function tune(
  connection: RTCPeerConnection,
  picture: Picture,
  isFirst = false,
): Promise<void> {
  const wanted: Record<Seat, RTCRtpEncodingParameters> = {
    microphone: { priority: "high", networkPriority: "high" },
    camera: {
      priority: "low",
      networkPriority: "low",
      active: picture !== "paused",
      maxBitrate: picture === "trying" ? WHILE_TRYING : MOST,
      scaleResolutionDownBy: isFirst ? 2 : 1,
    },
    // Whoever shows something wants it to be seen: it does not pause with the face.
    screen: { priority: "medium", maxBitrate: MOST_OF_A_SCREEN },
  };
  for (const transceiver of connection.getTransceivers()) {
    const seat = seatOf(connection, transceiver);
    if (seat) await set(transceiver.sender, wanted[seat]);
  }
}

async function set(sender: RTCRtpSender, wanted: RTCRtpEncodingParameters): Promise<void> {
  try {
    const parameters = sender.getParameters();
    const isSet = parameters.encodings.every((encoding) =>
      Object.entries(wanted).every(
        ([name, value]) => encoding[name as keyof RTCRtpEncodingParameters] === value,
      ),
    );
    if (isSet) return;
    for (const encoding of parameters.encodings) Object.assign(encoding, wanted);
    await sender.setParameters(parameters);
  } catch {
    // Not negotiated yet, or not known to this browser.
  }
}
