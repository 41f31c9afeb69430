/* What a connection to one person needs of its page; tests bring their own. */
import type { Caring } from "./care.ts";
import type { Clock } from "./clock.ts";
import type { Word } from "./control.ts";
import type { DeviceStates } from "./media.ts";
import type { Signal } from "./protocol.ts";
import type { Seat } from "./seats.ts";

export interface PeerEnvironment extends Caring {
  connect: () => RTCPeerConnection;
  createStream: () => MediaStream;
  clock: Clock;
  polite: boolean;
  track: (seat: Seat) => MediaStreamTrack | null;
  states: () => DeviceStates;
  send: (signal: Signal) => void;
  changed: () => void;
  /** They hung up. */
  left: () => void;
  /** The way to them is open, for the first time or again. */
  met: () => void;
  /** Something that a feature of theirs says. */
  heard: (word: Word) => void;
  /** A piece of a file. */
  received: (bytes: ArrayBuffer) => void;
}
