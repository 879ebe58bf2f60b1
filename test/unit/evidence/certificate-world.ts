/** A tenant with landings, checkpoints, and certificates over HTTP. */
import { expect } from 'vitest';
import * as z from 'zod';
import { checkpointOf, type CheckpointStore } from '../../../shared/evidence/checkpoint.ts';
import { readStated, statementText } from '../../../shared/evidence/statement.ts';
import type { Landing } from '../../../shared/landing/landing.ts';
import type { SettledContent } from '../../../shared/landing/ledger.ts';
import { sha256Of } from '../../../shared/sha256.ts';
import { hourMs, minuteMs } from '../../support/clock.ts';
import { contentNamed } from '../../support/content.ts';
import { createFaults } from '../../support/faults.ts';
import { adatumId } from '../../support/tenants.ts';
import { createIngestionWorld } from '../landing/ingestion-world.ts';

/** The range of its certificates. */
export const from = new Date('2026-03-09T00:00:00Z');
export const to = new Date('2026-03-10T00:00:00Z');
export const query = `?from=${from.toISOString()}&to=${to.toISOString()}`;
/** Minutes of the range. */
export const at = (minutes: number) => new Date(from.getTime() + minutes * minuteMs);

const certificateSchema = z.looseObject({
  isComplete: z.boolean(),
  incompleteReasons: z.array(z.string()),
  content: z.looseObject({}),
  landings: z.looseObject({}),
  chain: z.looseObject({ links: z.array(z.looseObject({ number: z.number() })) }),
  checkpoints: z.array(
    z.looseObject({
      root: z.string(),
      leaf: z.string().optional(),
      path: z.array(z.object({ side: z.enum(['left', 'right']), hash: z.string() })),
      matchesChain: z.boolean(),
      statementHolds: z.boolean(),
    }),
  ),
});

export const statementSha256 = '34'.repeat(32);
/** Of another tenant. */
export const otherHeads = [[adatumId, { number: 9, hash: '12'.repeat(32), statementSha256 }]] as const;
const counts = { indexed: 2, duplicates: 0, notUnderstood: 0, rows: 12 };

/** A tenant of which everything is complete through the range. */
export async function createWorld(faults = createFaults()) {
  const world = await createIngestionWorld({ tenant: { contentTypes: ['Audit.Exchange'] }, faults });
  const { ledger, landings, tenantId } = world;
  const listed = (listedThrough: Date, collectedFrom: Date | undefined = new Date(0)) =>
    ledger.advance(tenantId, { contentType: 'Audit.Exchange', listedThrough, collectedFrom });
  await listed(new Date(to.getTime() + hourMs));
  const settle = async (name: string, minutes: number, changes: Partial<SettledContent> = {}) => {
    const content = contentNamed(name, at(minutes));
    const receipt = { records: 2, bytes: 100, sha256: 'ab'.repeat(32) };
    await ledger.settle(tenantId, [{ content, state: 'landed', attempts: 1, receipt, ...changes }]);
  };
  const landingAt = (minutes: number, changes: Partial<Landing> = {}): Landing => ({
    ...{
      landingId: at(minutes)
        .toISOString()
        .replaceAll(/[-:.Z]/g, ''),
      blobName: `blob ${minutes}`,
    },
    ...{ landedAt: at(minutes), oldestContent: at(minutes), contentBlobs: 1, records: 2, bytes: 90 },
    ...{ textSha256: 'cd'.repeat(32), hashedAt: 'landing', contentsSha256: 'ef'.repeat(32) },
    ...changes,
  });
  const land = (minutes: number, changes?: Partial<Landing>) =>
    landings.close(tenantId, landingAt(minutes, changes), counts);
  const take = async (day: Date, before?: Awaited<ReturnType<CheckpointStore['get']>>) => {
    const head = await landings.head(tenantId);
    const text = statementText(await readStated(world, tenantId));
    const statementSha256 = sha256Of(text);
    await world.statements.put(tenantId, statementSha256, text);
    const own = head === undefined ? [] : ([[tenantId, { ...head, statementSha256 }]] as const);
    const checkpoint = checkpointOf(new Map([...otherHeads, ...own]), day, before);
    await world.checkpoints.create(checkpoint);
    return checkpoint;
  };
  const certificate = async (range = query) => {
    const answer = await world.get('evidence', range);
    expect(answer.status).toBe(200);
    return certificateSchema.parse(answer.jsonBody);
  };
  return { ...world, listed, settle, landingAt, land, take, certificate };
}

export type World = Awaited<ReturnType<typeof createWorld>>;
