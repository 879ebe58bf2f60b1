/** Listed = landed = indexed. */
import { dayMs } from '../../support/clock.ts';
import { contentTypes } from '../history.ts';
import type { World } from '../world/world.ts';
import type { Deliverable } from './deliverable.ts';
import { differences, type Outcome } from './invariant.ts';

export async function checkLanded(world: World, deliverable: Deliverable): Promise<Outcome> {
  const { contents, vanished, textsByTenant } = deliverable;
  const problems: string[] = [];
  for (const tenantId of world.tenantIds) {
    const isOwn = (one: { readonly tenantId: string }) => one.tenantId === tenantId;
    const wanted = [
      ...contents.filter(isOwn).map(({ contentId }) => `landed ${contentId}`),
      ...vanished.filter(isOwn).map(({ contentId }) => `gone ${contentId}`),
    ];
    const found = [
      ...differences(wanted, await settledOf(world, tenantId)),
      ...notListed(world, tenantId),
      ...(await unfinishedOf(world, tenantId)),
      ...(await miscountedOf(world, tenantId, textsByTenant.get(tenantId)?.length ?? 0)),
    ];
    problems.push(...found.map((problem) => `${tenantId}: ${problem}`));
  }
  const detail = `${contents.length} content blobs, ${vanished.length} vanished`;
  return { name: 'listed = landed = indexed', detail, problems };
}

/** The share of content that is settled so far, in percent: what is not was not tried by faults. */
export async function settledShare(world: World, published: number): Promise<number> {
  const settled = await Promise.all(world.tenantIds.map((tenantId) => settledOf(world, tenantId)));
  return Math.round((100 * settled.flat().length) / published);
}

async function settledOf({ stored }: World, tenantId: string): Promise<readonly string[]> {
  const settled: string[] = [];
  for (const contentType of contentTypes) {
    for await (const batch of stored.ledger.settled(tenantId, { contentType }))
      settled.push(...batch.map(({ state, content }) => `${state} ${content.contentId}`));
  }
  return settled;
}

function notListed({ simulator }: World, tenantId: string): readonly string[] {
  return simulator
    .published(tenantId)
    .filter(({ timesListed, isMissed }) => timesListed > 0 === isMissed)
    .map(({ contentId, timesListed }) => `listed ${timesListed} times: ${contentId}`);
}

async function unfinishedOf({ stored }: World, tenantId: string): Promise<readonly string[]> {
  const open = await stored.ledger.open(tenantId);
  const unindexed = await stored.landings.unindexed(tenantId);
  return [
    ...open.map(({ content, state, code }) => `open: ${state} ${code} ${content.contentId}`),
    ...unindexed.map(({ landingId }) => `not indexed: ${landingId}`),
  ];
}

/** Landings say how many of their records were new: each record was, once. */
async function miscountedOf(
  { stored, clock }: World,
  tenantId: string,
  records: number,
): Promise<readonly string[]> {
  const since = new Date(clock.now() - 30 * dayMs);
  const { recordsIndexed } = await stored.landings.totals(tenantId, since);
  return recordsIndexed === records ? [] : [`${recordsIndexed} of ${records} records count as indexed`];
}
