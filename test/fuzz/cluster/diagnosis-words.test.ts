import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { readEviction } from '../../../src/workspace/diagnosis/words/eviction.ts';
import { toImageParts } from '../../../src/workspace/diagnosis/words/image-parts.ts';
import { findPort, readStartFault } from '../../../src/workspace/diagnosis/words/last-words.ts';
import { readPullFault, toLastWords } from '../../../src/workspace/diagnosis/words/pull.ts';
import { toCpu, toNumber, toReadable, toSize } from '../../../src/workspace/diagnosis/words/quantity.ts';
import {
  readBoundRefusals,
  readGateRefusal,
  readQuotaDemand,
  readQuotaRefusal,
  readSecurityRefusal,
} from '../../../src/workspace/diagnosis/words/refusals.ts';
import { findNamedTaint, readVerdict } from '../../../src/workspace/diagnosis/words/scheduler.ts';
import {
  findMissingClass,
  isSquashed,
  readAttachFault,
  readMountFault,
} from '../../../src/workspace/diagnosis/words/volumes.ts';
import { hostileText, property } from '../property.ts';

/** Sentences of Kubernetes with something else in them: cut, doubled, and with a stranger's words in between. */
const SENTENCES = [
  '0/3 nodes are available: 1 Insufficient cpu, 2 node(s) had untolerated taint(s). preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.',
  '0/1 nodes are available: 1 node(s) had untolerated taint {dedicated: gpu}. no new claims to deallocate',
  'pods "x" is forbidden: exceeded quota: q, requested: limits.cpu=2,pods=1, used: limits.cpu=1,pods=3, limited: limits.cpu=2,pods=3',
  'failed quota: q: must specify limits.cpu for: workspace; limits.memory for: workspace',
  'maximum memory usage per Container is 1Gi, but limit is 4Gi',
  'cpu max limit to request ratio per Pod is 1, but provided ratio is 20.000000',
  'violates PodSecurity "restricted:latest": runAsNonRoot != true (pod must set x), y (z)',
  'admission webhook "a.b" denied the request: no',
  "ValidatingAdmissionPolicy 'p' with binding 'b' denied request: no",
  'Usage of EmptyDir volume "home" exceeds the limit "10Gi". ',
  'The node was low on resource: memory. Threshold quantity: 100Mi, available: 20Mi. ',
  'Multi-Attach error for volume "pvc-1" Volume is already used by pod(s) a, b and 2 pod(s) in different namespaces',
  'MountVolume.SetUp failed for volume "home" : applyFSGroup failed: lchown /x: operation not permitted',
  'storageclass.storage.k8s.io "fast" not found',
  'Back-off pulling image "a/b:1": ErrImagePull: failed to pull and unpack image "a/b:1": failed to resolve image: failed to do request: Head "https://x/": dial tcp: lookup x: no such host',
  'listen EADDRINUSE: address already in use 0.0.0.0:2222',
];

const words = fc.oneof(
  hostileText,
  fc.constantFrom(...SENTENCES),
  fc
    .tuple(fc.constantFrom(...SENTENCES), fc.nat(200), fc.nat(200), hostileText, fc.constantFrom(...SENTENCES))
    .map(([one, from, to, between, other]) => one.slice(0, from) + between + other.slice(to)),
);

const NAME = /^[a-z0-9][-a-z0-9.]*$/;

describe('words of Kubernetes', () => {
  property('of the scheduler are a verdict, or none', words, (text) => {
    const verdict = readVerdict(text);
    if (verdict === undefined) return;
    expect(verdict.nodes).toBeGreaterThanOrEqual(0);
    expect(verdict.general === undefined || verdict.refusals.length === 0).toBe(true);
    for (const { nodes, why } of verdict.refusals) {
      expect(Number.isSafeInteger(nodes) && why !== '').toBe(true);
      expect(findNamedTaint(why)?.key ?? 'a').not.toMatch(/[\s{}:]/);
    }
  });

  property('of the admission name what they refuse, or nothing', words, (text) => {
    const refusal = readQuotaRefusal(text);
    if (refusal !== undefined) {
      expect(refusal.quota).toMatch(NAME);
      for (const amounts of [refusal.requested, refusal.used, refusal.limited])
        for (const [resource, amount] of Object.entries(amounts)) {
          expect(resource).toMatch(/^[\w./-]+$/);
          expect(amount).toMatch(/^[\w.]+$/);
        }
    }
    expect(readQuotaDemand(text)?.resources ?? ['a']).not.toEqual([]);
    for (const { bound, given = '1' } of readBoundRefusals(text))
      expect(`${bound} ${given}`).toMatch(/^[\w.]+ [\w.]+$/);
    expect(readSecurityRefusal(text)?.level ?? 'a:b').toMatch(/^[a-z]+:[\w.-]+$/);
    expect(readGateRefusal(text)?.name ?? 'a').toMatch(/^[\w.-]+$/);
  });

  property('of nodes and controllers name volumes, pods and classes, or nothing', words, (text) => {
    for (const pod of readAttachFault(text)?.pods ?? []) expect(pod).toMatch(/^[-a-z0-9.]+$/);
    expect(findMissingClass(text) ?? 'a').toMatch(/^[-a-z0-9.]+$/);
    expect(typeof readMountFault(text).why).toBe('string');
    expect(typeof isSquashed(text)).toBe('boolean');
    const eviction = readEviction(text);
    if (eviction !== undefined && 'limit' in eviction) expect(eviction.limit).toMatch(/^[\w.]+$/);
  });

  property('of the runtime and the server say what failed, or nothing', words, (text) => {
    const [fault, start, port] = [readPullFault(text), readStartFault(text), findPort(text)];
    expect([typeof fault, typeof start].every((type) => type === 'string' || type === 'undefined')).toBe(true);
    expect(port ?? '1').toMatch(/^\d{1,5}$/);
    expect(text).toContain(toLastWords(text));
    expect(toImageParts(text).tag).not.toBe('');
  });

  property(
    'are read in no time, however long they are',
    fc.tuple(words, fc.integer({ min: 1, max: 200 })),
    ([text, times]) => {
      const long = text.repeat(times).slice(0, 8192);
      const begun = performance.now();
      for (const read of [
        readVerdict,
        readQuotaRefusal,
        readQuotaDemand,
        readBoundRefusals,
        readSecurityRefusal,
        readGateRefusal,
      ])
        read(long);
      for (const read of [
        readEviction,
        readAttachFault,
        readMountFault,
        isSquashed,
        findMissingClass,
        readPullFault,
        toLastWords,
      ])
        read(long);
      expect(performance.now() - begun).toBeLessThan(250);
    },
  );
});

describe('amounts', () => {
  property(
    'never grow when they are written as what still fits',
    fc.double({ min: 0, max: 1e6, noNaN: true }),
    (amount) => {
      expect(toNumber(toCpu(amount)) ?? Number.NaN).toBeLessThanOrEqual(amount + 1e-6);
      const bytes = Math.floor(amount * 2 ** 20);
      expect(toNumber(toSize(bytes)) ?? Number.NaN).toBeLessThanOrEqual(bytes);
    },
  );

  property(
    'are numbers, or none',
    fc.oneof(hostileText, fc.stringMatching(/^[0-9.]{1,6}[A-Za-z]{0,2}[0-9]{0,2}$/)),
    (text) => {
      const number = toNumber(text);
      if (number !== undefined) expect(Number.isFinite(number)).toBe(true);
      expect(typeof toReadable('memory', text)).toBe('string');
    },
  );
});
