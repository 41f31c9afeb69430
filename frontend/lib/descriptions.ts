/* What a session description says about the connection that wrote it. */
import type { Candidate, Description } from "./protocol.ts";

/** The id in the o= line: the same for the life of one RTCPeerConnection, new after a reload. */
export function sessionOf(description: { sdp: string } | null): string | null {
  return description?.sdp.match(/^o=\S+ (\S+)/m)?.[1] ?? null;
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
