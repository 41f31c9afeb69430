/* What getStats() says about one connection, as the few figures that recovery and quality need.
   Browsers leave out what they do not count: null means "not told". */

export interface Reading {
  /** Grows with whatever comes in on the path in use, also with the browsers' own checks. */
  received: number;
  /** For how many milliseconds nothing has come in, where the browser tells. */
  silent: number | null;
  /** Media packets that came in, and that are known not to have come. */
  arrived: number;
  lost: number;
  /** The share of ours that the other side missed lately. */
  lostThere: number | null;
  /** Seconds to them and back. */
  roundTrip: number | null;
  /** What the browser thinks it can send, in bits per second. */
  sendable: number | null;
}

interface Entry {
  type: string;
  id: string;
  [name: string]: unknown;
}

export function read(report: RTCStatsReport): Reading {
  const entries: Entry[] = [];
  report.forEach((entry: Entry) => {
    entries.push(entry);
  });
  const inbound = entries.filter(({ type }) => type === "inbound-rtp");
  const remote = entries.filter(({ type }) => type === "remote-inbound-rtp");
  const pair = selectedPair(entries);
  return {
    received: sum(
      [...entries.filter(({ type }) => type === "transport"), ...inbound, ...(pair ? [pair] : [])],
      "packetsReceived",
      "responsesReceived",
      "requestsReceived",
      "bytesReceived",
    ),
    silent: silence(pair ? [pair, ...inbound] : inbound),
    arrived: sum(inbound, "packetsReceived"),
    lost: sum(inbound, "packetsLost"),
    lostThere: largest(remote, "fractionLost"),
    roundTrip: numberOf(pair, "currentRoundTripTime") ?? largest(remote, "roundTripTime"),
    sendable: numberOf(pair, "availableOutgoingBitrate"),
  };
}

function selectedPair(entries: Entry[]): Entry | undefined {
  const chosen = entries.find(({ type }) => type === "transport")?.selectedCandidatePairId;
  return entries.find(
    ({ type, id, selected, nominated, state }) =>
      type === "candidate-pair" &&
      (chosen === undefined
        ? selected === true || (nominated === true && state === "succeeded")
        : id === chosen),
  );
}

function numberOf(entry: Entry | undefined, name: string): number | null {
  const value = entry?.[name];
  return typeof value === "number" ? value : null;
}

function sum(entries: Entry[], ...names: string[]): number {
  return entries.reduce(
    (total, entry) => total + names.reduce((part, name) => part + (numberOf(entry, name) ?? 0), 0),
    0,
  );
}

/** The time since the youngest packet, by the clock that wrote the report. */
function silence(entries: Entry[]): number | null {
  const ages = entries
    .map((entry) => [numberOf(entry, "timestamp"), numberOf(entry, "lastPacketReceivedTimestamp")])
    .flatMap(([now, last]) => (now && last ? [Math.max(0, now - last)] : []));
  return ages.length > 0 ? Math.min(...ages) : null;
}

function largest(entries: Entry[], name: string): number | null {
  const values = entries.map((entry) => numberOf(entry, name)).filter((value) => value !== null);
  return values.length > 0 ? Math.max(...values) : null;
}
