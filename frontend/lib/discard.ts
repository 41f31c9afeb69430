/** Close a connection, and hear nothing more of it. */
export function discard(connection: RTCPeerConnection): void {
  connection.onnegotiationneeded = null;
  connection.onicecandidate = null;
  connection.oniceconnectionstatechange = null;
  connection.onconnectionstatechange = null;
  connection.ontrack = null;
  connection.close();
}
