import { expect, test } from "vitest";
import type { Word } from "../../../frontend/lib/control.ts";
import { ANSWER_WITHIN, NOT_AGAIN, Permission } from "../../../frontend/lib/permission.ts";
import { Words } from "../../../frontend/lib/words.ts";
import { FakeClock } from "../fakes/clock.ts";

const DOCTOR = "doctor";
const PATIENT = "patient";

/** Two pages whose words arrive at once, unless the wire is cut. */
class Pair {
  readonly clock = new FakeClock();
  isConnected = true;
  readonly said: Word[] = [];
  readonly asked: (string | null)[] = [];
  readonly taken: string[] = [];
  readonly doctorsWords: Words = new Words(() => ({
    tell: (word, to) => this.#carry(word, to, PATIENT, () => this.patientsWords.hear(word, DOCTOR)),
    pipe: () => null,
  }));
  readonly patientsWords: Words = new Words(() => ({
    tell: (word, to) => this.#carry(word, to, DOCTOR, () => this.doctorsWords.hear(word, PATIENT)),
    pipe: () => null,
  }));
  readonly doctor = this.#permission(this.doctorsWords, true);
  readonly patient: Permission;

  constructor(isOffered = true) {
    this.patient = this.#permission(this.patientsWords, isOffered);
  }

  #permission(words: Words, isOffered: boolean): Permission {
    const { clock } = this;
    const asked = (by: string | null) => this.asked.push(by);
    const taken = (by: string) => this.taken.push(by);
    return new Permission({ clock, words, isOffered, asked, taken });
  }

  #carry(word: Word, to: string | undefined, other: string, hear: () => void): string[] {
    if (!this.isConnected || to !== other) return [];
    this.said.push(word);
    hear();
    return [other];
  }
}

test("what is allowed is allowed once, and its taking is told", async () => {
  const pair = new Pair();
  const answer = pair.doctor.ask(PATIENT);
  expect(pair.asked).toEqual([DOCTOR]);
  pair.patient.answer(true);

  expect(await answer).toBe("allowed");
  expect(pair.asked).toEqual([DOCTOR, null]);
  pair.doctor.tellTaken(PATIENT);
  expect(pair.taken).toEqual([DOCTOR]);
  pair.patient.answer(true);
  expect(pair.said.map(({ type }) => type)).toEqual(["image.ask", "image.answer", "image.taken"]);
});

test("a no is a no, and is not asked over and over", async () => {
  const pair = new Pair();
  const answer = pair.doctor.ask(PATIENT);
  pair.patient.answer(false);
  expect(await answer).toBe("declined");

  expect(await pair.doctor.ask(PATIENT)).toBe("later");
  expect(pair.asked).toEqual([DOCTOR, null]);
  pair.clock.pass(NOT_AGAIN);
  void pair.doctor.ask(PATIENT);
  expect(pair.asked).toEqual([DOCTOR, null, DOCTOR]);
});

test("without an answer the question goes away on both sides", async () => {
  const pair = new Pair();
  const answer = pair.doctor.ask(PATIENT);
  pair.clock.pass(ANSWER_WITHIN);

  expect(await answer).toBe("unanswered");
  expect(pair.asked).toEqual([DOCTOR, null]);
  pair.patient.answer(true);
  expect(pair.said.filter(({ type }) => type === "image.answer")).toEqual([]);
});

test("one question at a time", async () => {
  const pair = new Pair();
  void pair.doctor.ask(PATIENT);
  expect(await pair.doctor.ask(PATIENT)).toBe("later");
  pair.patientsWords.hear({ type: "image.ask", id: "another" }, DOCTOR);

  expect(pair.asked).toEqual([DOCTOR]);
  expect(pair.said.at(-1)).toEqual({ type: "image.answer", id: "another", allowed: false });
});

test("an answer counts only from the person and to the question that it is for", async () => {
  const pair = new Pair();
  const answer = pair.doctor.ask(PATIENT);
  const id = pair.said[0]?.["id"];
  pair.doctorsWords.hear({ type: "image.answer", id: "guessed", allowed: true }, PATIENT);
  pair.doctorsWords.hear({ type: "image.answer", id, allowed: true }, "somebody else");
  expect(pair.doctor.isAsking).toBe(true);
  pair.doctorsWords.hear({ type: "image.answer", id, allowed: "yes" }, PATIENT);

  expect(await answer).toBe("declined");
});

test("where the operator has switched it off nobody is asked, whatever the other page does", async () => {
  const pair = new Pair(false);
  expect(await pair.doctor.ask(PATIENT)).toBe("declined");
  expect(await pair.patient.ask(DOCTOR)).toBe("later");

  expect(pair.asked).toEqual([]);
});

test("who is not there cannot be asked, and the end of the call ends the question", async () => {
  const pair = new Pair();
  pair.isConnected = false;
  expect(await pair.doctor.ask(PATIENT)).toBe("unreachable");
  pair.isConnected = true;
  const answer = pair.doctor.ask(PATIENT);
  pair.doctor.end();

  expect(await answer).toBe("unanswered");
  expect(pair.asked).toEqual([DOCTOR, null]);
});
