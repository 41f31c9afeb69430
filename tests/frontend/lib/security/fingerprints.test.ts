import { expect, test } from "vitest";
import { spoken } from "../../../../frontend/lib/security/digest.ts";
import {
  fingerprintOf,
  isOtherCertificate,
} from "../../../../frontend/lib/security/fingerprints.ts";

const HASH = Array.from({ length: 32 }, (_, place) => (place + 160).toString(16).toUpperCase());
const line = `a=fingerprint:sha-256 ${HASH.join(":")}`;
const other = line.replace("A0", "00");

test("one certificate for all sections is read in lower case", () => {
  const sdp = `v=0\r\n${line}\r\nm=audio\r\n${line}\r\nm=video\r\n`;
  expect(fingerprintOf({ sdp })).toBe(HASH.join("").toLowerCase());
});

test.each(["v=0", `${line}\r\n${other}`, "a=fingerprint:sha-1 AA:BB", "a=fingerprint:sha-256 AA"])(
  "no certificate that stands for a person: %s",
  (sdp) => expect(fingerprintOf({ sdp })).toBeNull(),
);

test("a changed certificate is seen, a first one is none", () => {
  expect(isOtherCertificate({ sdp: line }, { sdp: other })).toBe(true);
  expect(isOtherCertificate({ sdp: line }, { sdp: line })).toBe(false);
  expect(isOtherCertificate(null, { sdp: other })).toBe(false);
});

test("the spoken code keeps its leading zeros", () => {
  expect(spoken(`${"0".repeat(63)}7`)).toBe("0000 0007");
  expect(spoken("f".repeat(64))).toMatch(/^\d{4} \d{4}$/);
});
