/** Takes the checkpoint of the day, and sends it to where the operator cannot change it. */
import pMap from 'p-map';
import type { SigningKeys } from '../access/signing-keys.ts';
import type { Telemetry } from '../telemetry.ts';
import type { TenantStore } from '../tenants/tenant.ts';
import { dayOf } from '../utc-day.ts';
import { sha256Of } from '../sha256.ts';
import type { LandingChain } from './chain.ts';
import {
  checkpointOf,
  type CheckpointStore,
  type EvidenceCheckpoint,
  type StatedHead,
} from './checkpoint.ts';
import { sendCheckpoint } from './send-checkpoint.ts';
import { readStated, statementText, type StatementDeps, type StatementStore } from './statement.ts';
import type { WebhookSender } from '../webhooks/webhook-sender.ts';

export interface TakeCheckpointDeps {
  readonly tenants: Pick<TenantStore, 'list'>;
  readonly ledger: StatementDeps['ledger'];
  readonly landings: StatementDeps['landings'] & Pick<LandingChain, 'head'>;
  readonly checkpoints: CheckpointStore;
  readonly statements: Pick<StatementStore, 'put'>;
  readonly telemetry: Telemetry;
  readonly now: () => Date;
  readonly webhookSender: Pick<WebhookSender, 'send'>;
  readonly signingKeys: SigningKeys;
  /** Where checkpoints are sent; absent: nowhere. */
  readonly checkpointWebhookUrl: string | undefined;
}

/** Each costs up to six requests, one after another. */
const tenantsAtOnce = 8;
const dayMs = 24 * 60 * 60_000;
/** A receiver that was away longer gets the newest; each names the one before. */
const daysResent = 7;

/** Safe to repeat at any time: a day has one checkpoint. @throws when storage fails */
export async function takeCheckpoint(deps: TakeCheckpointDeps): Promise<void> {
  // Not the clock of a host: a checkpoint that it took for another day would be named by none, or replace that day's own.
  const now = await deps.checkpoints.now();
  if ((await deps.checkpoints.get(dayOf(now))) === undefined) await take(deps, now);
  await deliverUndelivered(deps, now);
}

async function take(deps: TakeCheckpointDeps, now: Date): Promise<void> {
  const before = await newestBefore(deps.checkpoints, now);
  const checkpoint = checkpointOf(await readHeads(deps, before), now, before);
  // Another host may have been faster: then that one counts.
  if (!(await deps.checkpoints.create(checkpoint))) return;
  const { date, chains, missedDays, hash } = checkpoint;
  deps.telemetry('evidence.checkpoint.taken', { date, chains: chains.length, missedDays, hash });
}

async function newestBefore(
  checkpoints: CheckpointStore,
  now: Date,
): Promise<EvidenceCheckpoint | undefined> {
  const yesterday = dayOf(new Date(now.getTime() - dayMs));
  const found = await checkpoints.get(yesterday);
  if (found !== undefined) return found;
  const newest = (await checkpoints.dates('0000-01-01', yesterday)).at(-1);
  return newest === undefined ? undefined : await checkpoints.get(newest);
}

/** Of all tenants, and of those that were removed without their data: they were in the checkpoint before. */
async function readHeads(
  deps: TakeCheckpointDeps,
  before: EvidenceCheckpoint | undefined,
): Promise<ReadonlyMap<string, StatedHead>> {
  const statedBefore = new Map(before?.chains.map((chain) => [chain.tenantId, chain.statementSha256]));
  const tenantIds = (await deps.tenants.list()).map(({ tenantId }) => tenantId);
  const heads = await pMap(
    new Set([...tenantIds, ...statedBefore.keys()]),
    async (tenantId) => {
      const head = await deps.landings.head(tenantId);
      if (head === undefined) return [];
      const statementSha256 = await state(deps, tenantId, statedBefore.get(tenantId));
      return [[tenantId, { ...head, statementSha256 }] as const];
    },
    { concurrency: tenantsAtOnce },
  );
  return new Map(heads.flat());
}

/** @param before what was stated last: the same is not written again. @returns the SHA-256 of the tenant's statement */
async function state(
  deps: TakeCheckpointDeps,
  tenantId: string,
  before: string | undefined,
): Promise<string> {
  const text = statementText(await readStated(deps, tenantId));
  const sha256 = sha256Of(text);
  if (sha256 !== before) await deps.statements.put(tenantId, sha256, text);
  return sha256;
}

async function deliverUndelivered(deps: TakeCheckpointDeps, now: Date): Promise<void> {
  const { checkpoints, checkpointWebhookUrl: url } = deps;
  if (url === undefined) return;
  const [from, to] = [dayOf(new Date(now.getTime() - daysResent * dayMs)), dayOf(now)];
  const delivered = new Set(await checkpoints.deliveredDates(from, to));
  for (const date of await checkpoints.dates(from, to)) {
    const checkpoint = delivered.has(date) ? undefined : await checkpoints.get(date);
    // In order: a receiver compares each with the one before.
    if (checkpoint !== undefined && !(await sendCheckpoint({ ...deps, url }, checkpoint))) return;
  }
}
