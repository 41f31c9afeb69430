/* Between the server's JSON and the browser's buffers (WebAuthn level 3, 5.1). By hand: browsers
   have learnt to do it themselves only lately, and one way that is always used is a tested one. */

interface Named {
  id: string;
  [key: string]: unknown;
}

interface OptionsJSON {
  challenge: string;
  user?: Named;
  excludeCredentials?: Named[];
  allowCredentials?: Named[];
  authenticatorSelection?: Record<string, unknown>;
  [key: string]: unknown;
}

export function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

export function toBase64Url(buffer: ArrayBuffer): string {
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function withBuffers(list: Named[] | undefined): unknown[] {
  return (list ?? []).map((item) => ({ ...item, id: fromBase64Url(item.id) }));
}

/** Every passkey of ours knows its person and is kept in the device: it can sign in alone. */
export function creationOptions({
  publicKey,
}: {
  publicKey: OptionsJSON;
}): CredentialCreationOptions {
  const { user, authenticatorSelection } = publicKey;
  return {
    publicKey: {
      ...publicKey,
      challenge: fromBase64Url(publicKey.challenge),
      user: { ...user, id: fromBase64Url(user?.id ?? "") },
      excludeCredentials: withBuffers(publicKey.excludeCredentials),
      authenticatorSelection: {
        ...authenticatorSelection,
        residentKey: "required",
        requireResidentKey: true,
        userVerification: "required",
      },
    } as unknown as PublicKeyCredentialCreationOptions,
  };
}

export function requestOptions({
  publicKey,
}: {
  publicKey: OptionsJSON;
}): CredentialRequestOptions {
  return {
    publicKey: {
      ...publicKey,
      challenge: fromBase64Url(publicKey.challenge),
      allowCredentials: withBuffers(publicKey.allowCredentials),
    } as unknown as PublicKeyCredentialRequestOptions,
  };
}

type Response = AuthenticatorResponse &
  Partial<Omit<AuthenticatorAttestationResponse & AuthenticatorAssertionResponse, "toJSON">>;

/** What the browser gave, as the server reads it. */
export function credentialJSON(credential: PublicKeyCredential): Record<string, unknown> {
  const response = credential.response as Response;
  const parts: Record<string, unknown> = { clientDataJSON: toBase64Url(response.clientDataJSON) };
  for (const name of [
    "attestationObject",
    "authenticatorData",
    "signature",
    "userHandle",
  ] as const) {
    const part = response[name];
    if (part) parts[name] = toBase64Url(part);
  }
  if (response.getTransports) parts.transports = response.getTransports();
  return {
    id: credential.id,
    rawId: toBase64Url(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: parts,
  };
}
