/** Samples `completeThrough` while everything fails, and compares it with what Microsoft has published. */
import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';
import type { Published, Publisher } from '../world/publisher.ts';
import type { World } from '../world/world.ts';
import { isIndexed } from './indexed.ts';
import { listedOf } from './listed.ts';

const answerSchema = z.object({
  contentTypes: z.array(z.object({ contentType: z.string(), completeThrough: z.iso.datetime().optional() })),
});

export interface CompletenessWitness {
  /** Answers that said how complete a content type is. */
  readonly samples: () => number;
  /** Late content that was listed, and not known to be indexed, when a sample was taken; counted in each sample. */
  readonly late: () => number;
  /** Each claim that was not true. */
  readonly violations: readonly string[];
  readonly stop: () => Promise<void>;
}

const everyMs = 1000;
const tenantsAtOnce = 4;

/**
 * The claim: everything that became available before `completeThrough` has landed and is indexed, or is a gap, or was
 * rejected. For content that Microsoft publishes hours late, it is made as soon as the content was listed
 * (docs/nothing-lost.md).
 */
export function watchCompleteness(world: World, publisher: Publisher): CompletenessWitness {
  const [verified, violations] = [new Set<number>(), [] as string[]];
  let [samples, late, isOver, turn] = [0, 0, false, 0];
  const sample = async (tenantId: string) => {
    const host = world.hosts[turn % world.hosts.length];
    const ofTenant = () => publisher.all().filter((one) => one.tenantId === tenantId);
    const waiting = ofTenant().filter(({ plan }) => plan.kind === 'late' && !verified.has(plan.number));
    const listedLate = await listedOf(world, tenantId, waiting);
    // Rejected content is a hole, and may land between the answer and the comparison.
    const rejectedBefore = await rejectedOf(world, tenantId);
    const types = await readTypes(`${host?.baseUrl ?? ''}/api/tenants/${tenantId}/ingestion`, world.apiKey);
    samples += types.length;
    late += types.length === 0 ? 0 : listedLate.size;
    const unverified = ofTenant()
      .filter((one) => isClaimed(one, types) && !verified.has(one.plan.number))
      .filter(({ plan, contentId }) => plan.kind !== 'late' || listedLate.has(contentId));
    const missing = await findMissing(world, tenantId, unverified, verified);
    for (const { plan } of missing.filter(({ contentId }) => !rejectedBefore.has(contentId)))
      violations.push(
        `${tenantId}: content ${plan.number} (${plan.kind}) was not indexed at ${nowOf(world)}`,
      );
  };
  const run = async () => {
    for (; !isOver; turn++) {
      const nextAt = performance.now() + everyMs;
      const tenants = world.tenantIds.filter(
        (_, at) =>
          at % Math.ceil(world.tenantIds.length / tenantsAtOnce) ===
          turn % Math.ceil(world.tenantIds.length / tenantsAtOnce),
      );
      await Promise.all(tenants.map(sample));
      await delay(Math.max(0, nextAt - performance.now()));
    }
  };
  const running = run();
  running.catch(() => undefined);
  return {
    ...{ samples: () => samples, late: () => late, violations },
    stop: async () => {
      isOver = true;
      await running;
    },
  };
}

type Types = z.infer<typeof answerSchema>['contentTypes'];

/** None while the host is down, or storage fails. */
async function readTypes(url: string, key: string): Promise<Types> {
  try {
    const response = await fetch(url, { headers: { 'x-api-key': key }, signal: AbortSignal.timeout(10_000) });
    return response.status === 200 ? answerSchema.parse(await response.json()).contentTypes : [];
  } catch (error) {
    if (error instanceof z.ZodError) throw error;
    return [];
  }
}

function isClaimed({ plan, contentCreated }: Published, types: Types): boolean {
  const claim = types.find(({ contentType }) => contentType === plan.contentType)?.completeThrough;
  return claim !== undefined && contentCreated < new Date(claim);
}

/** Of content that should be complete: what is neither indexed nor known to be lost. Remembers what is. */
async function findMissing(
  world: World,
  tenantId: string,
  claimed: readonly Published[],
  verified: Set<number>,
): Promise<readonly Published[]> {
  const missing: Published[] = [];
  for (const one of claimed) {
    if (one.plan.kind !== 'vanishing' && (await isIndexed(world, one))) verified.add(one.plan.number);
    else missing.push(one);
  }
  if (missing.length === 0) return [];
  const { ledger } = world.stored;
  const rejected = await rejectedOf(world, tenantId);
  const gaps = await ledger.gaps(tenantId);
  const lost = new Set(gaps.flatMap(({ contentId }) => contentId ?? []));
  const missed = world.simulator.published(tenantId).filter(({ isMissed }) => isMissed);
  const known = new Set([...lost, ...rejected, ...missed.map(({ contentId }) => contentId)]);
  return missing.filter(({ contentId }) => !known.has(contentId));
}

async function rejectedOf({ stored }: World, tenantId: string): Promise<ReadonlySet<string>> {
  const open = await stored.ledger.open(tenantId);
  return new Set(open.flatMap(({ state, content }) => (state === 'rejected' ? [content.contentId] : [])));
}

function nowOf({ clock }: World): string {
  return new Date(clock.now()).toISOString();
}
