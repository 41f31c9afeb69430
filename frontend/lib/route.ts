/* The way that picture and sound of one connection really take, read from the browser's figures:
   the candidate pair in use and the encryption of the transport (A1, B5). */

export interface Route {
  mode: "direct" | "relayed";
  /** "udp" or "tcp". */
  protocol: string;
  /** Kinds of the two ends: "host", "srflx", "prflx", "relay". */
  own: string;
  theirs: string;
  /** As the browser names them, "" where it does not tell. */
  tls: string;
  cipher: string;
}

type Figures = Record<string, unknown>;

/** Null while no pair is in use. */
export async function routeOf(connection: RTCPeerConnection): Promise<Route | null> {
  const figures = new Map<string, Figures>();
  for (const [id, figure] of await connection.getStats()) figures.set(id, figure as Figures);
  const all = [...figures.values()];
  const transport = all.find(({ type }) => type === "transport");
  const pair =
    figures.get(text(transport?.selectedCandidatePairId)) ??
    all.find(
      ({ type, state, nominated }) =>
        type === "candidate-pair" && state === "succeeded" && nominated,
    );
  const own = figures.get(text(pair?.localCandidateId));
  const theirs = figures.get(text(pair?.remoteCandidateId));
  if (own === undefined || theirs === undefined) return null;
  const isRelayed = own.candidateType === "relay" || theirs.candidateType === "relay";
  return {
    mode: isRelayed ? "relayed" : "direct",
    protocol: text(own.relayProtocol ?? own.protocol),
    own: text(own.candidateType),
    theirs: text(theirs.candidateType),
    tls: text(transport?.tlsVersion),
    cipher: text(transport?.srtpCipher),
  };
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
