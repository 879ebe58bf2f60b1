/** The daily checkpoint: what it joins, when it is taken, and how it is delivered. */
import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { checkpointOf, isSound } from '../../../shared/evidence/checkpoint.ts';
import { leafOf, proofOf } from '../../../shared/evidence/checkpoint-tree.ts';
import { rootOfPath, treePath, treeRoot } from '../../../shared/evidence/hash-tree.ts';
import { checkpointSecret } from '../../../shared/evidence/send-checkpoint.ts';
import { takeCheckpoint, type TakeCheckpointDeps } from '../../../shared/evidence/take-checkpoint.ts';
import type { OutgoingWebhook, SendOutcome } from '../../../shared/webhooks/webhook-sender.ts';
import { createClock, dayMs, hourMs } from '../../support/clock.ts';
import { createFakeCheckpointStore } from '../../support/fakes/checkpoint-store.ts';
import { createFakeLandingStore } from '../../support/fakes/landing-store.ts';
import { createFakeLedger } from '../../support/fakes/ledger.ts';
import { createFakeStatementStore } from '../../support/fakes/statement-store.ts';
import { createRecordingTelemetry } from '../../support/fakes/telemetry.ts';
import { createFakeTenantStore } from '../../support/fakes/tenant-store.ts';
import { createFaults } from '../../support/faults.ts';
import { adatumId, fabrikamId, forgetTenant, tenantNamed } from '../../support/tenants.ts';

const sha256Of = (text: string) => createHash('sha256').update(text).digest('hex');
const hashNamed = (name: string | number) => sha256Of(String(name));

describe('a hash tree', () => {
  it('is the hash of pairs, line by line', () => {
    const [a, b, c] = [hashNamed('a'), hashNamed('b'), hashNamed('c')];
    expect(treeRoot([])).toBe(sha256Of(''));
    expect(treeRoot([a])).toBe(a);
    expect(treeRoot([a, b, c])).toBe(sha256Of(`${sha256Of(`${a} ${b}\n`)} ${c}\n`));
  });

  it('proves each of its leaves, and nothing else', () => {
    for (let size = 1; size <= 17; size++) {
      const leaves = Array.from({ length: size }, (_, at) => hashNamed(at));
      const root = treeRoot(leaves);
      for (const [at, leaf] of leaves.entries()) {
        const path = treePath(leaves, at);
        expect(rootOfPath(leaf, path)).toBe(root);
        expect(path.length).toBeLessThanOrEqual(Math.ceil(Math.log2(size)));
        expect(rootOfPath(hashNamed('another'), path)).not.toBe(root);
      }
    }
  });
});

const at = new Date('2026-03-10T00:41:00Z');
const none = { tenantId: '', number: 0, hash: '' };

describe('a checkpoint', () => {
  const heads = new Map(
    [fabrikamId, adatumId].map((id, place) => [
      id,
      { number: place + 3, hash: hashNamed(id), statementSha256: hashNamed(`${id} lacks`) },
    ]),
  );

  it('has the chains in order of tenants, and one hash over all', () => {
    const first = checkpointOf(heads, at, undefined);
    expect(first.chains.map(({ tenantId }) => tenantId)).toEqual([fabrikamId, adatumId].toSorted());
    const line = `["auditkeep-checkpoint-2","2026-03-10","2026-03-10T00:41:00.000Z","${first.root}",null,null]\n`;
    expect(first).toMatchObject({ date: '2026-03-10', missedDays: 0, hash: sha256Of(line) });
    expect(checkpointOf(new Map([...heads].toReversed()), at, undefined)).toEqual(first);
    expect(isSound(first)).toBe(true);
  });

  it('names the one before, and how many days were missed', () => {
    const first = checkpointOf(heads, at, undefined);
    const next = checkpointOf(heads, new Date(at.getTime() + 3 * dayMs), first);
    expect(next).toMatchObject({ previous: { date: '2026-03-10', hash: first.hash }, missedDays: 2 });
    expect(isSound(next)).toBe(true);
  });

  it('is no longer sound when anything in it was changed', () => {
    const first = checkpointOf(heads, at, undefined);
    const [one = none, ...others] = first.chains;
    for (const changed of [
      { ...first, format: 'auditkeep-checkpoint-1' } as const,
      { ...first, date: '2026-03-11' },
      { ...first, takenDateTime: new Date(at.getTime() + 1) },
      { ...first, previous: { date: '2026-03-09', hash: hashNamed('x') } },
      { ...first, chains: others },
      { ...first, chains: [{ ...one, number: one.number + 1 }, ...others] },
      { ...first, chains: [{ ...one, hash: hashNamed('x') }, ...others] },
      { ...first, chains: [{ ...one, statementSha256: hashNamed('x') }, ...others] },
      { ...first, chains: [...first.chains, { ...one, hash: hashNamed('x') }] },
      { ...first, root: hashNamed('x') },
    ])
      expect(isSound(changed)).toBe(false);
  });

  it('proves the chain of one tenant without naming another', () => {
    const checkpoint = checkpointOf(heads, at, undefined);
    const proof = proofOf(checkpoint, fabrikamId);
    expect(proof?.leaf).toBe(
      leafOf(checkpoint.chains.find(({ tenantId }) => tenantId === fabrikamId) ?? none),
    );
    expect(rootOfPath(proof?.leaf ?? '', proof?.path ?? [])).toBe(checkpoint.root);
    expect(JSON.stringify(proof)).not.toContain(adatumId);
    expect(proofOf(checkpoint, 'unknown')).toBeUndefined();
  });
});

const signingKey = Buffer.alloc(32, 7);
const ok: SendOutcome = { kind: 'answered', status: 204, retryAfter: undefined };

function createWorld(url?: string) {
  const clock = createClock(at);
  const tenants = [fabrikamId, adatumId].map((tenantId) => tenantNamed('Fabrikam', { tenantId }));
  const [checkpoints, landings] = [createFakeCheckpointStore(clock.now), createFakeLandingStore()];
  const [telemetry, sent] = [createRecordingTelemetry(), new Array<OutgoingWebhook>()];
  let outcome: SendOutcome = ok;
  const [ledger, statements] = [createFakeLedger(), createFakeStatementStore()];
  const deps: TakeCheckpointDeps = {
    ...{ ledger, statements },
    ...{ checkpoints, landings, tenants: createFakeTenantStore(tenants), now: clock.now },
    telemetry: telemetry.telemetry,
    signingKeys: [signingKey],
    checkpointWebhookUrl: url,
    webhookSender: {
      send: async (webhook) => {
        sent.push(webhook);
        return await Promise.resolve(outcome);
      },
    },
  };
  const index = async (tenantId: string, landingId: string) => {
    const landing = { landingId, blobName: landingId, landedAt: at, oldestContent: at };
    const counts = { indexed: 1, duplicates: 0, notUnderstood: 0, rows: 1 };
    await landings.close(tenantId, { ...landing, contentBlobs: 1, records: 1, bytes: 1 }, counts);
  };
  return { clock, deps, sent, index, telemetry, answerWith: (next: SendOutcome) => void (outcome = next) };
}

describe('taking the checkpoint of a day', () => {
  it('joins the heads of all chains, once a day', async () => {
    const { deps, index, clock, telemetry } = createWorld();
    await index(fabrikamId, 'first');
    await takeCheckpoint(deps);
    await index(fabrikamId, 'second');
    clock.advance(6 * hourMs);
    await takeCheckpoint(deps);
    const taken = await deps.checkpoints.get('2026-03-10');
    expect(taken?.chains).toMatchObject([{ tenantId: fabrikamId, number: 1 }]);
    expect(telemetry.of('evidence.checkpoint.taken')).toMatchObject([{ chains: 1, missedDays: 0 }]);
    clock.advance(dayMs);
    await takeCheckpoint(deps);
    const next = await deps.checkpoints.get('2026-03-11');
    expect(next).toMatchObject({ chains: [{ number: 2 }], previous: { hash: taken?.hash }, missedDays: 0 });
  });

  it('says how many days were missed, however long ago the last one was', async () => {
    const { deps, clock, telemetry } = createWorld();
    await takeCheckpoint(deps);
    clock.advance(400 * dayMs);
    await takeCheckpoint(deps);
    expect(telemetry.of('evidence.checkpoint.taken').at(-1)).toMatchObject({ missedDays: 399 });
  });

  it('follows the clock of the storage: each names the one taken before, whatever the clocks of hosts say', async () => {
    const { deps, clock } = createWorld();
    for (const wrong of [dayMs, -3 * dayMs, 400 * dayMs]) {
      await takeCheckpoint({ ...deps, now: () => new Date(clock.now().getTime() + wrong) });
      await takeCheckpoint(deps);
      clock.advance(dayMs);
    }
    const dates = await deps.checkpoints.dates('0000-01-01', '9999-12-31');
    expect(dates).toEqual(['2026-03-10', '2026-03-11', '2026-03-12']);
    const taken = await Promise.all(dates.map((date) => deps.checkpoints.get(date)));
    expect(taken.map((one) => one?.previous?.hash)).toEqual([undefined, taken[0]?.hash, taken[1]?.hash]);
    expect(taken[0]?.takenDateTime).toEqual(at);
  });

  it('keeps the chain of a tenant that was removed without its data', async () => {
    const { deps, index, clock } = createWorld();
    const tenants = createFakeTenantStore([tenantNamed('Adatum', { tenantId: adatumId })]);
    await index(adatumId, 'first');
    await takeCheckpoint({ ...deps, tenants });
    await forgetTenant(tenants, adatumId);
    clock.advance(dayMs);
    await takeCheckpoint({ ...deps, tenants });
    expect((await deps.checkpoints.get('2026-03-11'))?.chains).toMatchObject([{ tenantId: adatumId }]);
    clock.advance(dayMs);
    // A purge deletes the chain.
    await takeCheckpoint({ ...deps, tenants, landings: createFakeLandingStore() });
    expect((await deps.checkpoints.get('2026-03-12'))?.chains).toEqual([]);
  });

  it('leaves one checkpoint when two hosts take it, and when one of them is killed', async () => {
    const { deps } = createWorld();
    const dying = createFaults(() => 'crashAfter');
    await expect(
      takeCheckpoint({ ...deps, checkpoints: dying.inject('checkpoints', deps.checkpoints) }),
    ).rejects.toThrow();
    await Promise.all([takeCheckpoint(deps), takeCheckpoint(deps)]);
    expect(await deps.checkpoints.dates('2026-01-01', '2026-12-31')).toEqual(['2026-03-10']);
  });

  it('costs six requests for each tenant with a chain, later five, and almost nothing later that day', async () => {
    const { deps, index, clock } = createWorld();
    await index(fabrikamId, 'first');
    const faults = createFaults();
    const counted = {
      ...deps,
      checkpoints: faults.inject('checkpoints', deps.checkpoints),
      landings: faults.inject('landings', deps.landings),
      ledger: faults.inject('ledger', deps.ledger),
      statements: faults.inject('statements', deps.statements),
    };
    const taken = async () => {
      const before = faults.steps.length;
      await takeCheckpoint(counted);
      return faults.steps.slice(before);
    };
    const chains = ['landings.head', 'landings.head'];
    const states = ['ledger.checkpoints', 'ledger.open', 'ledger.gaps', 'landings.notIndexed'];
    expect(await taken()).toEqual([
      ...['checkpoints.now', 'checkpoints.get', 'checkpoints.get', 'checkpoints.dates'],
      ...[...chains, ...states, 'statements.put', 'checkpoints.create'],
    ]);
    expect(await taken()).toEqual(['checkpoints.now', 'checkpoints.get']);
    clock.advance(dayMs);
    expect(await taken()).toEqual([
      ...['checkpoints.now', 'checkpoints.get', 'checkpoints.get'],
      ...[...chains, ...states, 'checkpoints.create'],
    ]);
  });
});

describe('delivering checkpoints', () => {
  const url = 'https://evidence.example/checkpoints';

  it('sends each once, signed, and names no tenant', async () => {
    const { deps, index, sent } = createWorld(url);
    await index(fabrikamId, 'first');
    await takeCheckpoint(deps);
    await takeCheckpoint(deps);
    const taken = await deps.checkpoints.get('2026-03-10');
    const [webhook, ...others] = sent;
    expect(others).toEqual([]);
    expect(webhook?.url).toBe(url);
    expect(webhook?.body).not.toContain(fabrikamId);
    expect(JSON.parse(webhook?.body ?? '')).toEqual({
      type: 'evidence.checkpoint',
      timestamp: at.toISOString(),
      data: {
        ...{ format: 'auditkeep-checkpoint-2', date: '2026-03-10', takenDateTime: at.toISOString() },
        missedDays: 0,
        ...{ root: taken?.root, hash: taken?.hash },
      },
    });
    const {
      'webhook-id': id,
      'webhook-timestamp': time,
      'webhook-signature': signature,
    } = webhook?.headers ?? {};
    const secret = Buffer.from(checkpointSecret([signingKey]).slice('whsec_'.length), 'base64');
    const mac = createHmac('sha256', secret).update(`${id}.${time}.${webhook?.body}`).digest('base64');
    expect(signature).toBe(`v1,${mac}`);
  });

  it('repeats what was not delivered, in order, at the next run', async () => {
    const { deps, sent, clock, answerWith, telemetry } = createWorld(url);
    answerWith({ kind: 'unreachable', code: 'Timeout' });
    await takeCheckpoint(deps);
    clock.advance(dayMs);
    await takeCheckpoint(deps);
    expect(telemetry.of('evidence.delivery.failed')).toHaveLength(2);
    answerWith(ok);
    await takeCheckpoint(deps);
    const dates = sent.map(({ body }) => /"date":"([^"]+)"/.exec(body)?.[1]);
    expect(dates).toEqual(['2026-03-10', '2026-03-10', '2026-03-10', '2026-03-11']);
    await takeCheckpoint(deps);
    expect(sent).toHaveLength(4);
  });

  it('sends nothing without an address', async () => {
    const { deps, sent } = createWorld();
    await takeCheckpoint(deps);
    expect(sent).toEqual([]);
  });
});
