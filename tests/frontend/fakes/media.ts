/* Tracks, streams and a getUserMedia without a browser. */
import type { MediaEnvironment } from "../../../frontend/lib/media.ts";

export class FakeTrack {
  enabled = true;
  readyState = "live";
  contentHint = "";
  deviceId = "";
  onended: (() => void) | null = null;
  readonly kind: string;

  constructor(kind: "audio" | "video") {
    this.kind = kind;
  }

  getSettings(): MediaTrackSettings {
    return { deviceId: this.deviceId };
  }

  stop(): void {
    this.readyState = "ended";
  }

  clone(): FakeTrack {
    const copy = new FakeTrack(this.kind as "audio" | "video");
    copy.deviceId = this.deviceId;
    return copy;
  }
}

export class FakeStream {
  tracks: FakeTrack[] = [];

  addTrack(track: FakeTrack): void {
    this.tracks.push(track);
  }

  removeTrack(track: FakeTrack): void {
    this.tracks = this.tracks.filter((one) => one !== track);
  }

  getTracks(): FakeTrack[] {
    return [...this.tracks];
  }

  getVideoTracks(): FakeTrack[] {
    return this.tracks.filter(({ kind }) => kind === "video");
  }

  getAudioTracks(): FakeTrack[] {
    return this.tracks.filter(({ kind }) => kind === "audio");
  }
}

export function createStream(): MediaStream {
  return new FakeStream() as unknown as MediaStream;
}

export function failure(name: string, message = name): Error {
  const error = new Error(message);
  error.name = name;
  return error;
}

export interface Devices {
  /** What getUserMedia throws for a device; absent = it works. */
  camera?: Error;
  microphone?: Error;
  remembered?: PermissionState | null;
}

export function environment(devices: Devices): MediaEnvironment & { asked: string[] } {
  const asked: string[] = [];
  const getUserMedia = (wish?: MediaStreamConstraints): Promise<MediaStream> => {
    asked.push([wish?.video && "camera", wish?.audio && "microphone"].filter(Boolean).join("+"));
    if (wish?.video && devices.camera) return Promise.reject(devices.camera);
    if (wish?.audio && devices.microphone) return Promise.reject(devices.microphone);
    const stream = new FakeStream();
    if (wish?.video) stream.addTrack(new FakeTrack("video"));
    if (wish?.audio) stream.addTrack(new FakeTrack("audio"));
    return Promise.resolve(stream as unknown as MediaStream);
  };
  return {
    asked,
    devices: { getUserMedia },
    createStream,
    permission: () => Promise.resolve(devices.remembered ?? null),
  };
}
