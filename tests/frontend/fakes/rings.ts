/* Rings as both sides see them, up to the accept. */
import { active, callState, forPatient, PATIENT } from "./calls.ts";
import { settle } from "./clock.ts";
import { Stage } from "./sessions.ts";

export const SEATS = "m=audio 9\r\nm=video 9\r\nm=video 9";
export const OFFER = { type: "offer" as const, sdp: `o=- 98 1\r\n${SEATS}` };
export const RELAY = [{ urls: ["turn:relay.example:3478"], username: "9:a", credential: "b" }];
export const ACCEPTANCE = "/calls/callcall2345/acceptance/";

export async function rung(changes: object = {}): Promise<Stage> {
  const stage = new Stage(true);
  const call = callState({ ...forPatient, ice_servers: RELAY, ...changes });
  stage.session.receive({ type: "call.ringing", seq: 1, call, offer: OFFER });
  await settle();
  return stage;
}

export async function calling(): Promise<Stage> {
  const stage = new Stage();
  stage.server.will("/patients/x/call/", 201, callState({ ice_servers: RELAY }));
  await stage.session.call("/patients/x/call/", "Erika Mustermann");
  return stage;
}

export function hearAnswer(stage: Stage, session: string): void {
  const description = { type: "answer" as const, sdp: `o=- ${session} 1` };
  const signal = { type: "signal.relayed" as const, call: "callcall2345", from: PATIENT };
  stage.session.receive({ ...signal, description });
}

export function accept(stage: Stage, session: string): void {
  const call = callState({ ...active, ice_servers: RELAY });
  const answer = { type: "answer" as const, sdp: `o=- ${session} 1` };
  stage.session.receive({ type: "call.accepted", seq: 2, call, answer });
}
