/* The two connections of whoever sits in the middle, and their own part in the security code. */
globalThis.mallory = (() => {
  const open = () => {
    const connection = new RTCPeerConnection();
    const channel = connection.createDataChannel("control", { negotiated: true, id: 0 });
    return { connection, channel, pictures: 0, codes: [], nonce: "", heard: "", waiting: [] };
  };
  const sides = { host: open(), guest: open() };
  const other = (side) => (side === sides.host ? sides.guest : sides.host);

  for (const side of Object.values(sides)) {
    side.channel.onmessage = ({ data }) => {
      const word = JSON.parse(data);
      if (word.type.startsWith("code.")) play(side, word);
      else if (other(side).channel.readyState === "open") other(side).channel.send(data);
    };
  }

  const gathered = (connection) =>
    new Promise((done) => {
      if (connection.iceGatheringState === "complete") done();
      connection.onicegatheringstatechange = () =>
        connection.iceGatheringState === "complete" && done();
      setTimeout(done, 1_500);
    });
  /* What one side sends goes to the other, seat by seat. */
  const bridge = async () => {
    for (const side of Object.values(sides))
      for (const [place, { receiver }] of side.connection.getTransceivers().entries())
        await other(side).connection.getTransceivers()[place].sender.replaceTrack(receiver.track);
  };
  const plain = ({ type, sdp }) => ({ type, sdp });

  const printOf = ({ sdp }) =>
    sdp.match(/a=fingerprint:sha-256 (\S+)/)[1].replaceAll(":", "").toLowerCase();
  const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const digest = async (label, parts) => {
    const text = [label, ...parts].map((part) => `${part.length}:${part}`).join("");
    return hex(
      new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))),
    );
  };

  /* Pledges a number of their own as soon as the victim has pledged one, and keeps the pledge. */
  async function play(side, word) {
    if (word.type !== "code.commitment" || side.codes.length === 0) {
      if (side.codes.length === 0) side.waiting.push(word);
      else if (word.type === "code.nonce")
        side.channel.send(JSON.stringify({ ...word, nonce: side.nonce }));
      return;
    }
    if (side.heard === word.commitment) return; // said again, for safety
    side.heard = word.commitment;
    const [victim, played] = side.codes;
    const own = printOf(side.connection.localDescription);
    const theirs = printOf(side.connection.remoteDescription);
    const round = await digest("round", [`${victim} ${theirs}`, `${played} ${own}`].sort());
    side.nonce = hex(crypto.getRandomValues(new Uint8Array(32)));
    const commitment = await digest("commitment", [
      round,
      String(word.attempt),
      played,
      own,
      side.nonce,
    ]);
    side.channel.send(
      JSON.stringify({ type: "code.commitment", round, attempt: word.attempt, commitment }),
    );
  }

  return {
    async ring(offer) {
      const { host, guest } = sides;
      await host.connection.setRemoteDescription(offer);
      for (const { receiver } of host.connection.getTransceivers())
        guest.connection.addTransceiver(receiver.track.kind);
      for (const transceiver of host.connection.getTransceivers()) transceiver.direction = "sendrecv";
      await host.connection.setLocalDescription();
      await guest.connection.setLocalDescription();
      await Promise.all([gathered(host.connection), gathered(guest.connection)]);
      return [plain(guest.connection.localDescription), plain(host.connection.localDescription)];
    },
    async accept(answer) {
      await sides.guest.connection.setRemoteDescription(answer);
      await bridge();
    },
    async hear(name, { candidate }) {
      if (candidate) await sides[name].connection.addIceCandidate(candidate).catch(() => {});
    },
    meet([host, guest]) {
      sides.host.codes = [host, guest];
      sides.guest.codes = [guest, host];
      for (const side of Object.values(sides))
        for (const word of side.waiting.splice(0)) play(side, word);
    },
    seesBoth() {
      return Object.values(sides).every(({ connection }) =>
        connection.getReceivers().some(({ track }) => track.kind === "video" && !track.muted),
      );
    },
  };
})();
