/* Which certificate a session description stands for (RFC 8122). The browser lets no connection
   come up with another one, so this is what the security code is made of. */

type Described = { sdp?: string } | null;

/** A page keeps its certificate as long as it lives; `known` is null where nothing is known yet. */
export function isOtherCertificate(known: Described, described: Described): boolean {
  return known !== null && fingerprintOf(known) !== fingerprintOf(described);
}

/** The SHA-256 fingerprint in lower case without colons; null where there is none, or several. */
export function fingerprintOf(description: Described): string | null {
  const lines = description?.sdp?.match(/^a=fingerprint:.*$/gim) ?? [];
  const found = new Set(lines.map((line) => line.trim().toLowerCase()));
  const [only] = found;
  if (found.size !== 1 || only === undefined) return null;
  const hash = only.match(/^a=fingerprint:sha-256 ((?:[0-9a-f]{2}:){31}[0-9a-f]{2})$/)?.[1];
  return hash?.replaceAll(":", "") ?? null;
}
