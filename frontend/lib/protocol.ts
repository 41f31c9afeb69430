/* The wire protocol as docs/protocol.md describes it; tests/realtime/messages/ has one example
   of each frame, read by these tests and by the Python ones. */

export interface Description {
  type: "offer" | "answer" | "pranswer" | "rollback";
  sdp: string;
}

export interface Candidate {
  candidate: string;
  sdpMid: string | null;
  sdpMLineIndex: number | null;
  usernameFragment: string | null;
}

/** What two pages tell each other to get a connection; a null candidate means "that was all". */
export type Signal = { description: Description } | { candidate: Candidate | null };

export type PersonRole = "professional" | "patient" | "relative" | "interpreter" | "colleague";

export interface Participant {
  code: string;
  name: string;
  /** A guest who confirmed another name than the invited one; only professionals are told. */
  other_name: string;
  /** How their picture and sound travel, once their page has measured it. */
  mode: "" | "direct" | "relayed";
  role: PersonRole;
  joined: boolean;
}

export interface IceServer {
  urls: string | string[];
  username?: string;
  credential?: string;
}

export type CallOutcome = "" | "completed" | "declined" | "missed" | "cancelled";

/** A call from the point of view of whoever looks. */
export interface CallState {
  code: string;
  state: "ringing" | "active" | "ended";
  outcome: CallOutcome;
  me: string;
  polite: boolean;
  initiated_by_me: boolean;
  subject_url: string;
  participants: Participant[];
  rang_at: string | null;
  accepted_at: string | null;
  ended_at: string | null;
  now: string;
  ring_seconds: number;
  ice_servers: IceServer[];
}

export type VisitStep = "name" | "check" | "waiting" | "called" | "call" | "ended" | "left";

export interface VisitState {
  guest: string;
  step: VisitStep;
  name: string;
  call: CallState | null;
  offer: Description | null;
  /** At "ended": the code of the consultation that was held; else "". */
  ended_call?: string;
  /** Whether there is a waiting room to go back to: not for a companion after the end. */
  may_return?: boolean;
}

/** What two pages pass each other unopened: who is there with which key, or something sealed. */
export type Envelope =
  | { kind: "greeting"; page: string; to: string | null; key: string }
  | { kind: "sealed"; page: string; to: string; number: number; body: string };

export interface VisitFrame {
  type: "visit.relay";
  guest: string;
  envelope: Envelope;
}

export interface VisitNews {
  type: "visit.relayed";
  guest: string;
  /** From which side it came, by the server's word; part of the key that opens it. */
  sender: string;
  envelope: Envelope;
}

export type ClientFrame =
  | { type: "ping"; seq: number }
  | { type: "call.join"; call: string }
  | ({ type: "signal.relay"; call: string; to: string } & Signal)
  | VisitFrame;

export type ServerFrame =
  | { type: "hello"; epoch: string; seq: number }
  | { type: "pong"; seq: number }
  | { type: "error"; code: string; about: string }
  | { type: "call.ringing"; seq: number; call: CallState; offer?: Description | null }
  | { type: "call.accepted"; seq: number; call: CallState; answer?: Description | null }
  | { type: "call.changed"; seq: number; call: CallState }
  | { type: "call.ended"; seq: number; call: CallState }
  | { type: "visit.changed"; seq: number; guest: string; state: string }
  | { type: "check.changed"; seq: number; guest: string }
  | { type: "presence.changed"; seq: number; guest: string; online: boolean }
  | { type: "guest.arrived"; seq: number; guest: string; text: string }
  | { type: "guest.cancelled"; seq: number; guest: string; text: string }
  | { type: "delivery.changed"; seq: number; message: string; state: string; text: string }
  | ({ type: "signal.relayed"; call: string; from: string } & Signal)
  | { type: "participant.joined"; call: string; from: string }
  | VisitNews;

export type ServerFrameType = ServerFrame["type"];

type Kind = "string" | "number" | "boolean" | "call" | "envelope";

const FIELDS: Record<ServerFrameType, Record<string, Kind>> = {
  hello: { epoch: "string", seq: "number" },
  pong: { seq: "number" },
  error: { code: "string" },
  "call.ringing": { seq: "number", call: "call" },
  "call.accepted": { seq: "number", call: "call" },
  "call.changed": { seq: "number", call: "call" },
  "call.ended": { seq: "number", call: "call" },
  "visit.changed": { seq: "number", guest: "string", state: "string" },
  "check.changed": { seq: "number", guest: "string" },
  "presence.changed": { seq: "number", guest: "string", online: "boolean" },
  "guest.arrived": { seq: "number", guest: "string", text: "string" },
  "guest.cancelled": { seq: "number", guest: "string", text: "string" },
  "delivery.changed": { seq: "number", message: "string", state: "string", text: "string" },
  "signal.relayed": { call: "string", from: "string" },
  "participant.joined": { call: "string", from: "string" },
  "visit.relayed": { guest: "string", sender: "string", envelope: "envelope" },
};

/** The frame in `text`, or null for whatever this version does not know. */
export function parseServerFrame(text: string): ServerFrame | null {
  let frame: unknown;
  try {
    frame = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isRecord(frame) || typeof frame.type !== "string") return null;
  const fields = Object.hasOwn(FIELDS, frame.type) ? FIELDS[frame.type as ServerFrameType] : null;
  if (fields === null) return null;
  const fits = Object.entries(fields).every(([name, kind]) => isKind(frame[name], kind));
  return fits ? (frame as unknown as ServerFrame) : null;
}

function isKind(value: unknown, kind: Kind): boolean {
  if (kind === "call") return isCallState(value);
  return kind === "envelope" ? isEnvelope(value) : typeof value === kind;
}

export function isCallState(value: unknown): value is CallState {
  return (
    isRecord(value) &&
    typeof value.code === "string" &&
    typeof value.me === "string" &&
    ["ringing", "active", "ended"].includes(value.state as string) &&
    Array.isArray(value.participants)
  );
}

function isEnvelope(value: unknown): value is Envelope {
  if (!isRecord(value) || typeof value.page !== "string") return false;
  if (value.kind === "greeting")
    return typeof value.key === "string" && (value.to === null || typeof value.to === "string");
  const isSealed = value.kind === "sealed" && typeof value.to === "string";
  return isSealed && typeof value.number === "number" && typeof value.body === "string";
}

export function isVisitState(value: unknown): value is VisitState {
  return isRecord(value) && typeof value.guest === "string" && typeof value.step === "string";
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
