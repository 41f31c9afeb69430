/* What both entries need of the browser: the socket, the session of calls, events for elements. */
import { type Api, createApi, type Token, textOf } from "./lib/api.ts";
import { systemClock } from "./lib/clock.ts";
import { deviceToUse } from "./lib/device-list.ts";
import { type Device, LocalMedia } from "./lib/media.ts";
import { onOtherNetwork } from "./lib/network.ts";
import type { Ownership } from "./lib/ownership.ts";
import type { ServerFrame } from "./lib/protocol.ts";
import { Room } from "./lib/room.ts";
import { Certificates } from "./lib/security/certificates.ts";
import { CallSession } from "./lib/session.ts";
import { Socket, type SocketOptions, type WebSocketLike } from "./lib/socket.ts";
import { CallVerbs } from "./lib/verbs.ts";
import { nameOfOwn } from "./own-devices.ts";

export interface PageOptions {
  socketPath: string;
  callsPath: string;
  ownership: Ownership;
  keepsMedia: boolean;
  onFinal: (code: number) => void;
}

export interface Page {
  api: Api;
  socket: Socket;
  session: CallSession;
}

/** Requests with this page's token; any part of the page may make its own. */
export function pageApi(): Api {
  return createApi(fetch.bind(globalThis), csrfToken);
}

export function openPage(options: PageOptions): Page {
  const api = pageApi();
  const media = createMedia();
  const send: Socket["send"] = (frame) => socket.send(frame);
  const certificates = new Certificates();
  const verbs = new CallVerbs(api, systemClock, options.callsPath);
  const session = new CallSession({
    verbs,
    clock: systemClock,
    media,
    ownership: options.ownership,
    keepsMedia: options.keepsMedia,
    send,
    createRoom: (call, told) => {
      const own = certificates.take();
      return new Room(
        {
          connect: (configuration) => new RTCPeerConnection(configuration),
          own,
          createStream: () => new MediaStream(),
          clock: systemClock,
          track: (device) => media.track(device),
          states: () => media.states,
          tellMode: (code, mode) => void verbs.tellMode(code, mode),
          silenced: () => socket.doubt(),
          relay: (code, to, signal) => send({ type: "signal.relay", call: code, to, ...signal }),
          ...told,
        },
        call,
      );
    },
  });
  const socket = openSocket(options.socketPath, {
    onFrame(frame) {
      session.receive(frame);
      tell(frame.type, frame);
    },
    onCatchUp(frame) {
      void session.catchUp();
      tell("catch-up", frame);
    },
    onOnline(online) {
      document.body.classList.toggle("is-offline", !online);
      if (online) session.online();
      if (online) document.body.dispatchEvent(new Event("socket-open"));
    },
    onFinal: options.onFinal,
    isUrgent: () => session.machine.phase === "active",
  });
  onOtherNetwork(() => {
    socket.doubt();
    session.room?.checkPaths();
  });
  return { api, socket, session };
}

function openSocket(
  path: string,
  listeners: Pick<SocketOptions, "onFrame" | "onCatchUp" | "onOnline" | "onFinal" | "isUrgent">,
): Socket {
  const url = new URL(path, location.href);
  url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  const socket = new Socket({
    ...listeners,
    clock: systemClock,
    open: () => new WebSocket(url) as unknown as WebSocketLike,
  });
  addEventListener("online", () => socket.wake());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") socket.wake();
  });
  // A page that comes back from the browser's memory has lost its socket without a word.
  addEventListener("pageshow", ({ persisted }) => persisted && socket.wake());
  return socket;
}

/** `call.ended` becomes `call-ended` on <body>, for elements and for hx-trigger. */
function tell(type: string, frame: ServerFrame): void {
  document.body.dispatchEvent(new CustomEvent(type.replace(".", "-"), { detail: frame }));
}

export function createMedia(): LocalMedia {
  return new LocalMedia({
    devices: navigator.mediaDevices,
    createStream: () => new MediaStream(),
    preferred: (device) => deviceToUse(device, nameOfOwn(device)),
    permission: async (device: Device) => {
      try {
        return (await navigator.permissions.query({ name: device as PermissionName })).state;
      } catch {
        return null;
      }
    },
  });
}

const csrfToken: Token = {
  value: () => csrfMeta()?.content ?? "",
  async renew() {
    const response = await fetch("/csrf/", { headers: { Accept: "application/json" } }).catch(
      () => null,
    );
    const fresh = textOf(await response?.json().catch(() => null), "token");
    const meta = csrfMeta();
    if (meta && fresh) meta.content = fresh;
  },
};

function csrfMeta(): HTMLMetaElement | null {
  return document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]');
}
