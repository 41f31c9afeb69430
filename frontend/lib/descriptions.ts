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

/** Whether the connection knows this very page already, by an earlier description of it. */
export function isOfSamePage(connection: RTCPeerConnection, description: Description): boolean {
  const known = sessionOf(connection.remoteDescription);
  return known !== null && known === sessionOf(description);
}

/** The same, telling of relays alone: no address of this computer, nor of its network. */
export function withRelaysAlone(description: Description): Description {
  const lines = description.sdp.split(/\r?\n/);
  const isOwn = (line: string): boolean => line.startsWith("a=candidate:");
  const kept = lines.filter((line) => !isOwn(line) || / typ relay( |$)/.test(line));
  const sdp = kept.map((line) =>
    isOwn(line) ? line.replace(/ raddr \S+ rport \d+/, " raddr 0.0.0.0 rport 9") : line,
  );
  return { ...description, sdp: sdp.join("\r\n") };
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
