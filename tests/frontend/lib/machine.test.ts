import { expect, test } from "vitest";
import { CallMachine, initials } from "../../../frontend/lib/machine.ts";
import { active, callState, DOCTOR, ended, forPatient } from "../fakes/calls.ts";

test("idle, outgoing, active, ended, idle", () => {
  const machine = new CallMachine();
  const seen = [machine.phase];
  for (const step of [{}, active, ended]) {
    machine.apply(callState(step));
    seen.push(machine.phase);
  }
  machine.close();

  expect([...seen, machine.phase]).toEqual(["idle", "outgoing", "active", "ended", "idle"]);
});

test("whom we did not ring rings us", () => {
  const machine = new CallMachine();
  machine.apply(callState(forPatient));

  expect(machine.phase).toBe("incoming");
  expect(machine.otherName).toBe("Dr. med. Anna Berger");
});

test("it never goes back", () => {
  const machine = new CallMachine();
  machine.apply(callState(active));

  expect(machine.apply(callState())).toBe(false);
  expect(machine.phase).toBe("active");
});

test("who we are in a running call stays as first told", () => {
  const machine = new CallMachine();
  machine.apply(callState(active));

  expect(machine.apply(callState({ ...active, me: "neuerplatz23" }))).toBe(false);
  expect([machine.phase, machine.call?.me]).toEqual(["active", DOCTOR]);
});

test("the end of the call is heard under another place, too", () => {
  const machine = new CallMachine();
  machine.apply(callState(active));

  expect(machine.apply(callState({ ...ended, me: "neuerplatz23" }))).toBe(true);
  expect(machine.phase).toBe("ended");
});

test("what another window was let into anew can be taken over", () => {
  const machine = new CallMachine();
  machine.leaveToOther(callState(active));

  expect(machine.apply(callState({ ...active, me: "neuerplatz23" }), true)).toBe(true);
  expect([machine.phase, machine.call?.me]).toEqual(["active", "neuerplatz23"]);
});

test("a call that is over stays over", () => {
  const machine = new CallMachine();
  machine.apply(callState());
  machine.apply(callState(ended));
  machine.close();

  expect(machine.apply(callState(active))).toBe(false);
  expect(machine.apply(callState({ code: "nextcall2345" }))).toBe(true);
});

test("a call that is over for us begins anew when we are let in again", () => {
  const machine = new CallMachine();
  machine.apply(callState(active));
  machine.apply(callState(ended));
  machine.close();

  expect(machine.apply(callState({ ...active, me: "neuerplatz23" }))).toBe(true);
  expect(machine.phase).toBe("active");
});

test("another call is no news while one is known", () => {
  const machine = new CallMachine();
  machine.apply(callState(active));

  expect(machine.apply(callState({ ...ended, code: "othercall234" }))).toBe(false);
});

test("an end without a beginning is no news", () => {
  expect(new CallMachine().apply(callState(ended))).toBe(false);
});

test("while our ring is on its way nobody else's call is taken for it", () => {
  const machine = new CallMachine();
  machine.begin("Erika");

  expect(machine.apply(callState(forPatient))).toBe(false);
  expect(machine.apply(callState())).toBe(true);
});

test.each([
  ["completed", 65],
  ["missed", 0],
] as const)("the end says why (%s) and how long it was (%i s)", (outcome, seconds) => {
  const machine = new CallMachine();
  const accepted_at = outcome === "completed" ? "2026-11-22T09:00:05Z" : null;
  machine.apply(callState());
  machine.apply(callState({ ...ended, outcome, accepted_at }));

  expect(machine.ending).toEqual({ reason: outcome, seconds, message: "" });
});

test.each([
  ["Erika Mustermann", "EM"],
  ["Dr. med. Anna Berger", "AB"],
  ["Maximilian von Hohenstein-Schwarzenfeld", "MH"],
  ["Ayşe", "A"],
  ["Dr.", "D"],
  ["", ""],
])("the initials of %j are %j", (name, expected) => {
  expect(initials(name)).toBe(expected);
});
