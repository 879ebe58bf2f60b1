/** Takes the checkpoint of the day, and sends it to where the operator cannot change it. */
import pMap from 'p-map';
import type { SigningKeys } from '../access/signing-keys.ts';
import type { Telemetry } from '../telemetry.ts';
import type { TenantStore } from '../tenants/tenant.ts';
import { dayOf } from '../utc-day.ts';
import type { ChainHead, LandingChain } from './chain.ts';
import { checkpointOf, type CheckpointStore, type EvidenceCheckpoint } from './checkpoint.ts';
import { sendCheckpoint } from './send-checkpoint.ts';
import type { WebhookSender } from '../webhooks/webhook-sender.ts';

export interface TakeCheckpointDeps {
  readonly tenants: Pick<TenantStore, 'list'>;
  readonly landings: Pick<LandingChain, 'head'>;
  readonly checkpoints: CheckpointStore;
  readonly telemetry: Telemetry;
  readonly now: () => Date;
  readonly webhookSender: Pick<WebhookSender, 'send'>;
  readonly signingKeys: SigningKeys;
  /** Where checkpoints are sent; absent: nowhere. */
  readonly checkpointWebhookUrl: string | undefined;
}

const headsAtOnce = 16;
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
  { tenants, landings }: TakeCheckpointDeps,
  before: EvidenceCheckpoint | undefined,
): Promise<ReadonlyMap<string, ChainHead>> {
  const known = [...(await tenants.list()), ...(before?.chains ?? [])].map(({ tenantId }) => tenantId);
  const heads = await pMap(
    new Set(known),
    async (tenantId) => {
      const head = await landings.head(tenantId);
      return head === undefined ? [] : [[tenantId, head] as const];
    },
    { concurrency: headsAtOnce },
  );
  return new Map(heads.flat());
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
