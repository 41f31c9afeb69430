/* Whether a connection for picture and sound would come about, and by which way: two ends in this
   page are really connected with each other, and a third one looks for ways out. Apart, because
   ends that have found each other stop looking (libwebrtc, MaybeStopPortAllocatorSessions). */
import type { Clock } from "./clock.ts";

export type Path = "direct" | "relayed" | "none";
/** What an end has found: its own address, one seen from outside, a relay by UDP or by TCP. */
export type Find = "host" | "outside" | "relay-udp" | "relay-tcp";

export interface Findings {
  /** Whether the two ends have heard each other. */
  isOpen: boolean;
  /** The kind of the way that they chose. */
  chosen: Find | null;
  finds: ReadonlySet<Find>;
  hasRelay: boolean;
}

/* Unreachable relays make a browser look for them for ten seconds and more. */
const PATIENCE = 5_000;

/** A way out by UDP means that most other networks are reached directly; TCP alone needs a relay. */
export function pathOf({ isOpen, chosen, finds, hasRelay }: Findings): Path {
  if (!isOpen) return "none";
  if (chosen === "relay-udp" || chosen === "relay-tcp") return "relayed";
  if (!hasRelay || finds.has("outside") || finds.has("relay-udp")) return "direct";
  return finds.has("relay-tcp") ? "relayed" : "none";
}

/** The kind of a candidate: RFC 8839, section 5.1; the relay's transport as browsers tell it. */
export function findOf(candidate: string, url: string | null, protocol: string | null): Find {
  const kind = / typ (\w+)/.exec(candidate)?.[1];
  if (kind === "host") return "host";
  if (kind !== "relay") return "outside";
  const isTcp = protocol ? protocol !== "udp" : /transport=tcp|^turns:/.test(url ?? "");
  return isTcp ? "relay-tcp" : "relay-udp";
}

type Ends = [RTCPeerConnection, RTCPeerConnection, RTCPeerConnection];
type Told = RTCIceCandidate & { url?: string | null; relayProtocol?: string | null };

/** Try it. Never rejects, and leaves nothing open; "none" where `signal` ends it. */
export async function probePath(
  connect: (configuration: RTCConfiguration) => RTCPeerConnection,
  iceServers: RTCIceServer[],
  clock: Clock,
  signal: AbortSignal,
): Promise<Path> {
  const finds = new Set<Find>();
  const ends: RTCPeerConnection[] = [];
  try {
    const [scout, near, far] = [1, 2, 3].map(() => connect({ iceServers })) as Ends;
    ends.push(scout, near, far);
    scout.createDataChannel("scout");
    const channel = near.createDataChannel("probe");
    await new Promise<void>((done) => {
      const look = (): void => {
        const isKnown = iceServers.length === 0 || finds.has("outside") || finds.has("relay-udp");
        const isThrough = scout.iceGatheringState === "complete";
        if (channel.readyState === "open" && (isKnown || isThrough)) done();
      };
      clock.later(PATIENCE, done);
      signal.addEventListener("abort", () => done(), { once: true });
      channel.onopen = look;
      scout.onicegatheringstatechange = look;
      listen(scout, (candidate) => {
        finds.add(kindOf(candidate));
        look();
      });
      // A candidate of no use to the other end is no failure of the connection.
      listen(near, (candidate) => void far.addIceCandidate(candidate).catch(() => undefined));
      listen(far, (candidate) => void near.addIceCandidate(candidate).catch(() => undefined));
      Promise.all([scout.setLocalDescription(), agree(near, far)]).catch(() => done());
    });
    const isOpen = channel.readyState === "open";
    const chosen = isOpen ? await chosenBy(near) : null;
    return pathOf({ isOpen, chosen, finds, hasRelay: iceServers.length > 0 });
  } catch {
    return "none"; // the browser has no such connections, or somebody has switched them off
  } finally {
    for (const end of ends) end.close();
  }
}

function listen(end: RTCPeerConnection, told: (candidate: RTCIceCandidate) => void): void {
  end.onicecandidate = ({ candidate }) => {
    if (candidate !== null && candidate.candidate !== "") told(candidate);
  };
}

function kindOf(candidate: Told): Find {
  return findOf(candidate.candidate, candidate.url ?? null, candidate.relayProtocol ?? null);
}

async function agree(near: RTCPeerConnection, far: RTCPeerConnection): Promise<void> {
  const offer = await near.createOffer();
  // Candidates come as soon as a description is set: the other end must know us by then.
  await far.setRemoteDescription(offer);
  await near.setLocalDescription(offer);
  const answer = await far.createAnswer();
  await near.setRemoteDescription(answer);
  await far.setLocalDescription(answer);
}

type Report = { id: string; type: string; [name: string]: unknown };

async function chosenBy(end: RTCPeerConnection): Promise<Find | null> {
  const reports: Report[] = [];
  (await end.getStats()).forEach((report: Report) => void reports.push(report));
  const transport = reports.find(({ type }) => type === "transport");
  const pair =
    reports.find(({ id }) => id === transport?.selectedCandidatePairId) ??
    reports.find(({ type, selected }) => type === "candidate-pair" && selected === true);
  const local = reports.find(({ id }) => id === pair?.localCandidateId);
  if (!local) return null;
  const protocol = typeof local.relayProtocol === "string" ? local.relayProtocol : null;
  return findOf(` typ ${String(local.candidateType)}`, null, protocol);
}
