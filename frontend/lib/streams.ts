/** Put `track` in the place of what the stream had of its kind. */
export function exchangeTrack(stream: MediaStream, track: MediaStreamTrack): void {
  for (const old of stream.getTracks()) {
    if (old.kind === track.kind) stream.removeTrack(old);
  }
  stream.addTrack(track);
}
