/* What a session description says about the connection that wrote it. */
import type { Word } from "./control.ts";
import type { Candidate, Description, Signal } from "./protocol.ts";

/** The id in the o= line: the same for the life of one RTCPeerConnection, new after a reload. */
export function sessionOf(description: { sdp: string } | null): string | null {
  return description?.sdp.match(/^o=\S+ (\S+)/m)?.[1] ?? null;
}

/** Whether it comes from another page than the one that the connection knows. */
export function isOfAnotherPage(connection: RTCPeerConnection, description: Description): boolean {
  const known = sessionOf(connection.remoteDescription);
  return known !== null && known !== sessionOf(description);
}

export function plainDescription(description: RTCSessionDescriptionInit): Description {
  return { type: description.type, sdp: description.sdp ?? "" };
}

export function plainCandidate(candidate: RTCIceCandidate | null): Candidate | null {
  if (candidate === null) return null;
  return {
    candidate: candidate.candidate,
    sdpMid: candidate.sdpMid,
    sdpMLineIndex: candidate.sdpMLineIndex,
    usernameFragment: candidate.usernameFragment,
  };
}

/** The signal in a word of the other page, or null where there is none. What is wrong within it,
    the browser says when it is used. */
export function signalIn(word: Word): Signal | null {
  const { description, candidate } = word;
  if (typeof description === "object" && description !== null && "sdp" in description)
    return { description: description as Description };
  if (candidate === null || typeof candidate === "object")
    return { candidate: candidate as Candidate | null };
  return null;
}
