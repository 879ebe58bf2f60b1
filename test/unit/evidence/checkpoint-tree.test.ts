/** The tree of a checkpoint: one place for each tenant, so that no root has two chains of one. */
import { describe, expect, it } from 'vitest';
import { chainsSaid, checkpointSchema, isSound } from '../../../shared/evidence/checkpoint.ts';
import { leafOf1, proofOf, rootOf, type JoinedChains } from '../../../shared/evidence/checkpoint-tree.ts';
import { pair, rootOfPath, treeRoot, type TreeStep } from '../../../shared/evidence/hash-tree.ts';
import { emptyPlace, leadsTo, placeOf } from '../../../shared/evidence/place-tree.ts';
import { sha256Of } from '../../../shared/sha256.ts';
import { adatumId, fabrikamId } from '../../support/tenants.ts';

const chainNamed = (tenantId: string) => ({
  ...{ tenantId, number: 3, hash: sha256Of(tenantId), statementSha256: sha256Of(`lack of ${tenantId}`) },
});
const joined = (tenantIds: readonly string[]): JoinedChains => ({
  format: 'auditkeep-checkpoint-2',
  chains: tenantIds.map(chainNamed),
});
const sizes = [1, 2, 3, 5, 17, 200];

describe('the tree of a checkpoint', () => {
  it.each(sizes)('proves each of %i chains at the place of its tenant, and at no other', (size) => {
    const tenantIds = Array.from({ length: size }, (_, at) => `tenant ${at}`);
    const chains = joined(tenantIds);
    const root = rootOf(chains);
    for (const tenantId of tenantIds) {
      const { leaf = '', path = [] } = proofOf(chains, tenantId) ?? {};
      expect(rootOfPath(leaf, path)).toBe(root);
      const places = tenantIds.filter((other) => leadsTo(path, placeOf(other)));
      expect(places).toEqual([tenantId]);
    }
    expect(proofOf(chains, 'unknown')).toBeUndefined();
  });

  it('does not depend on the order of the chains', () => {
    const tenantIds = Array.from({ length: 20 }, (_, at) => `tenant ${at}`);
    expect(rootOf(joined(tenantIds.toReversed()))).toBe(rootOf(joined(tenantIds)));
    expect(rootOf(joined([]))).toBe(emptyPlace);
  });

  it('hides the second chain of a tenant nowhere: only one of two neighbors is at its place', () => {
    const chains = joined([fabrikamId, adatumId]);
    const { leaf = '', path = [] } = proofOf(chains, fabrikamId) ?? {};
    const doctored = sha256Of('another chain of the same tenant');
    for (const [left, right] of [
      [leaf, doctored],
      [doctored, leaf],
    ] as const) {
      const root = rootOfPath(pair(left, right), path);
      const paths: readonly (readonly [string, readonly TreeStep[]])[] = [
        [left, [{ side: 'right', hash: right }, ...path]],
        [right, [{ side: 'left', hash: left }, ...path]],
      ];
      expect(paths.map(([one, steps]) => rootOfPath(one, steps))).toEqual([root, root]);
      expect(paths.filter(([, steps]) => leadsTo(steps, placeOf(fabrikamId)))).toHaveLength(1);
    }
  });

  it('takes the way from the bits of the SHA-256 of the tenant ID as one line', () => {
    const number = BigInt(`0x${sha256Of(`${fabrikamId}\n`)}`);
    const bits = number.toString(2).padStart(256, '0');
    const { path = [] } = proofOf(joined([fabrikamId, adatumId]), fabrikamId) ?? {};
    const sides = path.toReversed().map(({ side }) => (side === 'left' ? '1' : '0'));
    expect(sides.join('')).toBe(bits.slice(0, path.length));
    expect(sides.length).toBeGreaterThan(0);
  });
});

describe('a checkpoint of an earlier release', () => {
  const chains = [fabrikamId, adatumId]
    .toSorted()
    .map((tenantId) => ({ tenantId, number: 3, hash: sha256Of(tenantId) }));
  const root = treeRoot(chains.map(leafOf1));
  const line = `["auditkeep-checkpoint-1","2026-03-10","2026-03-10T00:41:00.000Z",2,"${root}",null,null]\n`;
  const stored = checkpointSchema.parse({
    ...{ format: 'auditkeep-checkpoint-1', date: '2026-03-10', takenDateTime: '2026-03-10T00:41:00.000Z' },
    ...{ chains, root, missedDays: 0, hash: sha256Of(line) },
  });

  it('is sound, says how many chains it has, and proves each of them', () => {
    expect(isSound(stored)).toBe(true);
    expect(chainsSaid(stored)).toBe(2);
    for (const chain of chains) {
      const { leaf = '', path = [] } = proofOf(stored, chain.tenantId) ?? {};
      const head = `["auditkeep-head-1","${chain.tenantId}",3,"${chain.hash}"]\n`;
      expect(leaf).toBe(sha256Of(head));
      expect(rootOfPath(leaf, path)).toBe(root);
    }
  });

  it('is not sound with two chains of one tenant', () => {
    const [one = chainNamed(fabrikamId)] = chains;
    const twice = [one, { ...one, hash: sha256Of('doctored') }];
    expect(isSound({ ...stored, chains: twice, root: treeRoot(twice.map(leafOf1)) })).toBe(false);
  });
});
