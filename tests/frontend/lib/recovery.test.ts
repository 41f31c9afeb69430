import { expect, test } from "vitest";
import { settle } from "../fakes/clock.ts";
import { connected, haveMet, Side, talk } from "../fakes/peers.ts";

test("a failed path is restarted at once, from the impolite side", async () => {
  const { doctor, patient } = await connected();
  doctor.connection.become("failed");
  patient.connection.become("failed");
  doctor.clock.pass(1);
  patient.clock.pass(1);

  expect(doctor.connection.restarts).toBe(1);
  expect(patient.connection.restarts).toBe(0);
});

test("a silent path is restarted after 1.5 seconds", async () => {
  const { doctor } = await connected();
  doctor.connection.become("disconnected");
  doctor.clock.pass(1_499);
  expect(doctor.connection.restarts).toBe(0);
  doctor.clock.pass(1);
  expect(doctor.connection.restarts).toBe(1);
});

test("a path that recovers by itself is left alone", async () => {
  const { doctor } = await connected();
  doctor.connection.become("disconnected");
  doctor.clock.pass(1_000);
  doctor.connection.become("connected");
  doctor.clock.pass(60_000);

  expect(doctor.connection.restarts).toBe(0);
  expect(doctor.connections).toHaveLength(1);
});

test("the restart travels as an ordinary offer", async () => {
  const { doctor, patient } = await connected();
  doctor.connection.become("failed");
  doctor.clock.pass(1);
  await settle();
  expect(doctor.words).toEqual(["offer"]);

  await talk(doctor, patient);
  expect(haveMet(doctor, patient)).toBe(true);
});

test("the polite side restarts where the other does not", async () => {
  const { patient } = await connected();
  patient.connection.become("failed");
  patient.clock.pass(4_000);

  expect(patient.connection.restarts).toBe(1);
});

test("where restarts do not help, a new connection is made", async () => {
  const { doctor, patient } = await connected();
  doctor.connection.become("failed");
  doctor.clock.pass(1);
  doctor.clock.pass(12_000);
  await settle();
  expect(doctor.connections).toHaveLength(2);

  await talk(doctor, patient);
  expect(haveMet(doctor, patient)).toBe(true);
});

test("a call whose first negotiation was lost begins again", async () => {
  const doctor = new Side(false);
  const patient = new Side(true);
  await doctor.peer.offerAfresh();
  doctor.outgoing = [];
  doctor.clock.pass(12_000);
  await talk(doctor, patient);

  expect(haveMet(doctor, patient)).toBe(true);
});

test("an ended call recovers no more", async () => {
  const { doctor } = await connected();
  doctor.connection.become("disconnected");
  doctor.peer.close();
  doctor.clock.pass(60_000);

  expect(doctor.connection.restarts).toBe(0);
  expect(doctor.connections).toHaveLength(1);
});
