/* An RTCPeerConnection with the rules of signalling (RFC 8829) and nothing behind them. */
import { sessionOf as readSession } from "../../../frontend/lib/descriptions.ts";
import { FakeTrack } from "./media.ts";

let sessions = 0;

type Kind = "audio" | "video";

class FakeSender {
  track: { kind: string } | null = null;
  streams = 0;
  parameters: { encodings: Record<string, unknown>[] } = { encodings: [{}] };

  getParameters(): { encodings: Record<string, unknown>[] } {
    return structuredClone(this.parameters);
  }

  setParameters(parameters: { encodings: Record<string, unknown>[] }): Promise<void> {
    this.parameters = parameters;
    return Promise.resolve();
  }

  replaceTrack(track: { kind: string } | null): Promise<void> {
    this.track = track;
    return Promise.resolve();
  }

  setStreams(): void {
    this.streams += 1;
  }
}

class FakeTransceiver {
  direction: string;
  readonly sender = new FakeSender();
  readonly receiver: { track: FakeTrack };
  readonly kind: Kind;

  constructor(kind: Kind, direction: string) {
    this.kind = kind;
    this.receiver = { track: new FakeTrack(kind) };
    this.direction = direction;
  }
}

export class FakeChannel {
  readyState = "connecting";
  sent: string[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;

  send(data: string): void {
    this.sent.push(data);
  }
}

export class FakeConnection {
  signalingState = "stable";
  connectionState = "new";
  iceConnectionState = "new";
  localDescription: RTCSessionDescriptionInit | null = null;
  remoteDescription: RTCSessionDescriptionInit | null = null;
  candidates: unknown[] = [];
  configuration: RTCConfiguration = {};
  restarts = 0;
  closed = false;
  onnegotiationneeded: (() => void) | null = null;
  onicecandidate: ((event: { candidate: unknown }) => void) | null = null;
  oniceconnectionstatechange: (() => void) | null = null;
  onconnectionstatechange: (() => void) | null = null;
  ontrack: ((event: { track: unknown; transceiver: unknown }) => void) | null = null;
  readonly channel = new FakeChannel();
  readonly files = new FakeChannel();
  readonly session: string;
  #transceivers: FakeTransceiver[] = [];
  #version = 0;

  constructor() {
    sessions += 1;
    this.session = String(sessions);
  }

  createDataChannel(label: string): FakeChannel {
    return label === "control" ? this.channel : this.files;
  }

  setConfiguration(configuration: RTCConfiguration): void {
    this.configuration = configuration;
  }

  addTransceiver(kind: Kind, { direction }: { direction: string }): void {
    this.#transceivers.push(new FakeTransceiver(kind, direction));
    queueMicrotask(() => this.onnegotiationneeded?.());
  }

  getTransceivers(): FakeTransceiver[] {
    return this.#transceivers;
  }

  getSenders(): FakeSender[] {
    return this.#transceivers.map(({ sender }) => sender);
  }

  /** What getStats() will say; by default a path on which something always comes in. */
  stats: Record<string, unknown>[] | null = null;
  #heard = 0;

  getStats(): Promise<Map<string, unknown>> {
    this.#heard += 1;
    const entries = this.stats ?? [{ type: "transport", packetsReceived: this.#heard }];
    return Promise.resolve(new Map(entries.map((entry, index) => [String(index), entry])));
  }

  createOffer(): Promise<RTCSessionDescriptionInit> {
    return Promise.resolve(this.#describe("offer"));
  }

  createAnswer(): Promise<RTCSessionDescriptionInit> {
    return Promise.resolve(this.#describe("answer"));
  }

  async setLocalDescription(given?: RTCSessionDescriptionInit): Promise<void> {
    await Promise.resolve();
    this.#check();
    const isAnswer = this.signalingState === "have-remote-offer";
    this.localDescription = given ?? this.#describe(isAnswer ? "answer" : "offer");
    this.signalingState = isAnswer ? "stable" : "have-local-offer";
  }

  async setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void> {
    await Promise.resolve();
    this.#check();
    const fits = description.type === "answer" ? "have-local-offer" : null;
    if (fits !== null && this.signalingState !== fits) throw new Error("InvalidStateError");
    // A connection belongs to one other connection: another certificate never fits.
    const isFirst = this.remoteDescription === null;
    if (!isFirst && sessionOf(this.remoteDescription) !== sessionOf(description))
      throw new Error("InvalidAccessError");
    this.remoteDescription = description;
    this.signalingState = description.type === "offer" ? "have-remote-offer" : "stable";
    // RFC 8829, 5.10: what addTransceiver made is never used for an offer's m-lines.
    if (description.type === "offer" && isFirst) {
      for (const [, kind] of description.sdp?.matchAll(/^m=(\w+)/gm) ?? [])
        this.#transceivers.push(new FakeTransceiver(kind as Kind, "recvonly"));
    }
  }

  async addIceCandidate(candidate: unknown): Promise<void> {
    await Promise.resolve();
    if (this.remoteDescription === null) throw new Error("InvalidStateError");
    this.candidates.push(candidate);
  }

  restartIce(): void {
    this.restarts += 1;
    queueMicrotask(() => this.onnegotiationneeded?.());
  }

  close(): void {
    this.closed = true;
    this.signalingState = "closed";
  }

  /** What the network would do. */
  become(ice: string, connection = ice): void {
    this.iceConnectionState = ice;
    this.connectionState = connection;
    this.oniceconnectionstatechange?.();
    this.onconnectionstatechange?.();
  }

  gather(name: string): void {
    this.onicecandidate?.({
      candidate: { candidate: name, sdpMid: "0", sdpMLineIndex: 0, usernameFragment: "u" },
    });
  }

  #describe(type: RTCSdpType): RTCSessionDescriptionInit {
    this.#version += 1;
    const places = this.#transceivers.map(({ kind }) => `m=${kind} 9\r\n`).join("");
    const origin = `v=0\r\no=- ${this.session} ${this.#version} IN IP4 127.0.0.1\r\n`;
    return { type, sdp: origin + places };
  }

  #check(): void {
    if (this.closed) throw new Error("InvalidStateError");
  }
}

function sessionOf(description: RTCSessionDescriptionInit | null): string | null {
  return description === null ? null : readSession({ sdp: description.sdp ?? "" });
}
