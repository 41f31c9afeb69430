/* What a session of calls needs from its page; tests bring their own. */
import type { Clock } from "./clock.ts";
import type { LocalMedia } from "./media.ts";
import type { Ownership } from "./ownership.ts";
import type { CallState, ClientFrame } from "./protocol.ts";
import type { Room, RoomListeners } from "./room.ts";
import type { CallVerbs } from "./verbs.ts";

export interface SessionEnvironment {
  verbs: CallVerbs;
  clock: Clock;
  media: LocalMedia;
  ownership: Ownership;
  createRoom: (call: CallState | null, told: RoomListeners) => Room;
  /** False while the socket is away. */
  send: (frame: ClientFrame) => boolean;
  /** Keep camera and microphone open after a call: the guest's page, which goes on waiting. */
  keepsMedia: boolean;
}
