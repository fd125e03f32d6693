// Reproduces docs/vectors/meetings.json with the page's modules, in the browser; the name of the
// first thing that differs is the failure. `values` are the vectors.
const load = (name) => import(`/page/${name}.js`);
const [B, C, E, K, L, T, S, M, G, R, P, F] = await Promise.all(['core/bytes', 'core/content',
  'core/entry', 'core/keys', 'core/link', 'core/terms', 'core/stamp', 'core/merkle',
  'core/signature', 'core/receipt', 'core/parameters', 'export/minutes-file'].map(load));
const [vectors] = values;
const bytes = (text) => B.fromHex(text);
let count = 0;
const need = (truth, what) => {
  count += 1;
  if (!truth) throw new Error(`differs from the vectors: ${what}`);
};
const same = (found, wanted, what) => need(B.hex(found) === wanted, `${what}: ${B.hex(found)}`);

for (const key of vectors.keys) {
  const [identity, meeting] = [bytes(key.identity), bytes(key.meeting)];
  const seed = await K.authorSeed(identity, meeting, key.device);
  same(seed, key.authorSeed, 'author seed');
  same(await K.publicOfSeed(seed), key.author, 'author');
  same(await K.agreementSeed(identity, meeting, key.device), key.agreementSeed, 'agreement seed');
  const host = await K.hostSeed(identity, bytes(key.openSalt), key.device);
  same(host, key.hostSeed, 'host seed');
  same(await K.publicOfSeed(host), key.host, 'host');
}
for (const { secret, readCheck, readKey, linkSeed, linkKey } of vectors.secrets) {
  same(K.readCheck(bytes(secret)), readCheck, 'read check');
  same(await K.readKey(bytes(secret)), readKey, 'read key');
  const seed = await K.linkSeed(bytes(secret));
  same(seed, linkSeed, 'link seed');
  same(await K.publicOfSeed(seed), linkKey, 'link key');
}
for (const link of vectors.links) {
  const read = L.decodeLink(link.text, link.prefix);
  same(read.meeting, link.meeting, 'meeting of a link');
  need((read.secret ? B.hex(read.secret) : null) === link.secret, 'secret of a link');
  need(L.nativeLink(read) === link.text, 'link for programs');
  need(L.webLink('https://phi.example', read) === link.webText, 'link for browsers');
  need(JSON.stringify(L.decodeLink(link.webText)) === JSON.stringify(read), 'both links');
  need(read.peers.length === link.peers.length, 'peers of a link');
}
for (const { content, padded } of vectors.padding) {
  need(C.paddedLength(content + 1) === padded, `padding of ${content}`);
}
for (const title of vectors.titles) {
  if (title.secret === null) {
    same(B.utf8(title.title), title.bytes, 'open title');
    continue;
  }
  const parts = { salt: bytes(title.salt), readKey: await K.readKey(bytes(title.secret)),
    author: bytes(title.author), sequence: title.seq };
  same(await C.sealTitle({ ...parts, title: title.title }), title.bytes, 'sealed title');
  need(await C.openTitle({ ...parts, sealed: bytes(title.bytes) }) === title.title, 'opened title');
}
for (const sample of vectors.contents) {
  const encoded = bytes(sample.encoded);
  need(C.decodeContent(encoded).type === sample.content.type, sample.name);
  same(C.publicPayload(bytes(sample.salt), encoded), sample.public, `public ${sample.name}`);
  if (!sample.secret) continue;
  const parts = { salt: bytes(sample.salt), epoch: sample.epoch, meeting: bytes(sample.meeting),
    readKey: await K.readKey(bytes(sample.secret)), author: bytes(sample.author),
    sequence: sample.seq };
  same(await C.privatePayload({ ...parts, content: encoded }), sample.private,
    `private ${sample.name}`);
  const { epoch, body } = C.splitPayload(bytes(sample.private), true);
  need(epoch === sample.epoch, `epoch of ${sample.name}`);
  same(await C.openMessage({ ...parts, body }), sample.encoded, `opened ${sample.name}`);
}
{
  const { epoch } = vectors;
  const key = await K.previousKey(bytes(epoch.secret), bytes(epoch.meeting), epoch.epoch);
  same(await K.seal(key, bytes(epoch.previousSecret)), epoch.previous, 'secret of the last epoch');
  const delivery = C.decodeContent(bytes(epoch.delivery));
  same(delivery.previous, epoch.previous, 'delivery of an epoch');
  for (const member of epoch.members) {
    const blob = delivery.blobs.find(({ author }) => B.hex(author) === member.author);
    const own = await K.agreementKey(bytes(member.agreementSeed));
    const shared = await K.agree(own, blob.ephemeral);
    const opening = await K.rekeyKey(shared, blob.ephemeral, bytes(member.agreement),
      bytes(epoch.meeting), bytes(member.author), epoch.epoch);
    same(await K.unseal(opening, blob.sealed), epoch.secret, 'secret that a member gets');
  }
}
const parameters = P.decodeParameters(bytes(vectors.network.parameters));
for (const entry of vectors.entries) {
  const found = E.decodeEnvelope(bytes(entry.bytes).slice(0, 284));
  same(found.id, entry.id, 'id of an entry');
  same(found.leaf, entry.leaf, 'leaf of an entry');
  const body = E.encodeBody({ kind: found.kind, payload: bytes(entry.payload),
    chain: bytes(vectors.network.chain), meeting: bytes(entry.meeting),
    author: bytes(entry.author), sequence: entry.seq, previous: bytes(entry.previous),
    anchorHeight: entry.anchorHeight, anchor: E.anchorTail(bytes(entry.anchorHash)),
    authorTime: entry.time });
  const key = await K.signingKey(bytes(entry.authorSeed));
  const signature = await K.sign(key, E.signedMessage(E.entryID(body)));
  same(signature, entry.signature, 'signature of an entry');
  need(await G.isSigned(bytes(entry.author), E.signedMessage(found.id), found.signature),
    'a signature holds');
  need(S.isStamped(found.id, found.stampWork, found.stampNonce), 'a stamp holds');
  need(found.stampWork >= S.minimumWork(found.kind, found.sequence, found.payloadBytes,
    parameters), 'a stamp is enough');
  need(new S.StampSearch(found.id, found.stampWork).run(1e6) === found.stampNonce,
    'the same nonce is found');
  same(B.concat(E.encodeEnvelope(body, signature, entry.work, entry.nonce), bytes(entry.payload)),
    entry.bytes, 'bytes of an entry');
  if (found.kind !== E.Kind.message) T.decodeControl(found.kind, bytes(entry.payload));
}
const frontier = new M.Frontier();
vectors.minutes.leaves.forEach((leaf, index) => {
  frontier.append(bytes(leaf));
  same(frontier.root, vectors.minutes.roots[index], 'root of minutes');
});
for (const { text } of vectors.receipts) {
  need((await R.verifyReceipt(text)).confirmations > 0, 'a receipt holds');
}
for (const { name, text } of vectors.minutesFiles) {
  const { lines, secrets } = F.readMinutes(text);
  const verdict = await F.judgeMinutes(lines);
  need(verdict.count === vectors.minutes.count, `entries of minutes, ${name}`);
  same(verdict.root, vectors.minutes.root, `root of minutes, ${name}`);
  need(verdict.isProvedComplete === (name === 'whole'), `whether minutes are proved, ${name}`);
  const inBase64 = ({ envelope, payload }) => ({
    envelope: B.base64(envelope), payload: payload && B.base64(payload) });
  const of = (word) => lines.filter((line) => line[word]).map((line) => line[word]);
  const written = F.writeMinutes({ records: of('record').map(inBase64),
    approvals: of('approval').map(inBase64), receipts: of('receipt'),
    secrets: secrets.map((secret, epoch) => [epoch, secret]) });
  // The last line of one file is of a later version, which nobody writes yet.
  need(written === text.replace(/\{"later".*\n$/, ''), `the file of minutes, ${name}`);
}
return count;
