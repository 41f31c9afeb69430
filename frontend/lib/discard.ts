import type { Clock } from "./clock.ts";

const LAST_WORDS = 200;

/** Close a connection, and hear nothing more of it. */
export function discard(connection: RTCPeerConnection): void {
  connection.onnegotiationneeded = null;
  connection.onicecandidate = null;
  connection.oniceconnectionstatechange = null;
  connection.onconnectionstatechange = null;
  connection.ontrack = null;
  connection.close();
}

/** The same a moment later, when what was said last is on its way. */
export function discardSoon(connection: RTCPeerConnection, clock: Clock): void {
  clock.later(LAST_WORDS, () => discard(connection));
}
