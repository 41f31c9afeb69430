"""Calls that may only go over a relay."""

from playwright.sync_api import Page

# As if every direct path were blocked: the browser may use relayed candidates alone.
RELAY_ONLY = """
const Direct = window.RTCPeerConnection;
const only = (configuration) => ({...configuration, iceTransportPolicy: 'relay'});
window.RTCPeerConnection = class extends Direct {
  constructor(configuration) { super(only(configuration)) }
  setConfiguration(configuration) { super.setConfiguration(only(configuration)) }
};
"""
SELECTED = """
async () => {
  const reports = [];
  for (const connection of document.querySelector('call-stage').connections())
    for (const report of (await connection.getStats()).values()) reports.push(report);
  const transport = reports.find((it) => it.type === 'transport');
  const pair = reports.find((it) => it.id === transport?.selectedCandidatePairId);
  const local = reports.find((it) => it.id === pair?.localCandidateId);
  return [local?.candidateType ?? 'none', local?.port ?? 0];
}
"""


def path_of(page: Page) -> tuple[str, int]:
    """The kind and the port of the candidate through which this page sends."""
    kind, port = page.evaluate(SELECTED)
    return kind, port
