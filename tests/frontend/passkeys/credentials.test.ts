import { expect, test } from "vitest";
import {
  creationOptions,
  credentialJSON,
  fromBase64Url,
  requestOptions,
  toBase64Url,
} from "../../../frontend/passkeys/credentials.ts";

const CHALLENGE = "-_-_AAECAw";

function bytes(value: unknown): number[] {
  return [...new Uint8Array(value as ArrayBuffer)];
}

test("base64url goes both ways without padding", () => {
  const text = toBase64Url(fromBase64Url(CHALLENGE).buffer);

  expect(text).toBe(CHALLENGE);
  expect(bytes(fromBase64Url(CHALLENGE))).toEqual([251, 255, 191, 0, 1, 2, 3]);
});

test("a new passkey must know its person and be kept in the device", () => {
  const { publicKey } = creationOptions({
    publicKey: {
      challenge: CHALLENGE,
      user: { id: "AQ", name: "anna@praxis.example", displayName: "Dr. Anna Berger" },
      excludeCredentials: [{ type: "public-key", id: "Ag" }],
      authenticatorSelection: { residentKey: "discouraged", userVerification: "preferred" },
      rp: { id: "localhost", name: "HealthCompanion" },
    },
  });

  expect(publicKey?.authenticatorSelection).toEqual({
    residentKey: "required",
    requireResidentKey: true,
    userVerification: "required",
  });
  expect(bytes(publicKey?.user.id)).toEqual([1]);
  expect(publicKey?.user.displayName).toBe("Dr. Anna Berger");
  expect(bytes(publicKey?.excludeCredentials?.[0]?.id)).toEqual([2]);
  expect(publicKey?.rp).toEqual({ id: "localhost", name: "HealthCompanion" });
});

test("options without a list of credentials ask for any passkey", () => {
  const { publicKey } = requestOptions({ publicKey: { challenge: CHALLENGE, rpId: "localhost" } });

  expect(publicKey?.allowCredentials).toEqual([]);
  expect(publicKey?.rpId).toBe("localhost");
});

test("what the browser gave is written as the server reads it", () => {
  const buffer = (...values: number[]) => new Uint8Array(values).buffer;
  const credential = {
    id: "AQI",
    rawId: buffer(1, 2),
    type: "public-key",
    authenticatorAttachment: "platform",
    getClientExtensionResults: () => ({ credProps: { rk: true } }),
    response: {
      clientDataJSON: buffer(3),
      authenticatorData: buffer(4),
      signature: buffer(5),
      userHandle: null,
    },
  } as unknown as PublicKeyCredential;

  expect(credentialJSON(credential)).toEqual({
    id: "AQI",
    rawId: "AQI",
    type: "public-key",
    authenticatorAttachment: "platform",
    clientExtensionResults: { credProps: { rk: true } },
    response: { clientDataJSON: "Aw", authenticatorData: "BA", signature: "BQ" },
  });
});
