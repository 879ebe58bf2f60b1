/** Writes the part of one tenant after the other. */
import type { Capabilities } from '../../access/capability-token.ts';
import { isOpen, type Member } from '../../batches/member.ts';
import { awaitsIndexing } from '../../landing/awaits-indexing.ts';
import type { LandingStore } from '../../landing/landing.ts';
import { withEnd } from '../../query/complete-range.ts';
import { findManagedTenant } from '../../tenants/managed.ts';
import type { TenantStore } from '../../tenants/tenant.ts';
import { filtersOf } from '../export-request.ts';
import type { RecordPages } from '../record-pages.ts';
import { beginTurn, type BeginTurnDeps } from './begin-turn.ts';
import type { Bundle, BundleTurn } from './bundle.ts';
import type { Writing } from './writing.ts';

export interface WritePartDeps extends BeginTurnDeps {
  readonly pages: RecordPages;
  readonly landings: Pick<LandingStore, 'unindexed'>;
  readonly tenants: Pick<TenantStore, 'get'>;
  readonly capabilities: Pick<Capabilities, 'mayStill'>;
}

/** What follows it. */
export type Step = 'continue' | 'wait' | 'end';

/**
 * Writes a page, or turns to the next tenant; one that was removed, or that the creator may not read anymore, is left out.
 * @throws when storage fails
 */
export async function step(deps: WritePartDeps, writing: Writing): Promise<Step> {
  if (writing.turn !== undefined) return await writePage(deps, writing, writing.turn);
  const at = writing.members.findIndex(isOpen);
  const member = writing.members[at];
  if (member === undefined) {
    await writing.writer.append(writing.encoder.end());
    writing.isRead = true;
    return 'end';
  }
  return await nextTenant(deps, writing, { ...member, at });
}

async function nextTenant(
  deps: WritePartDeps,
  writing: Writing,
  { tenantId, at }: Member & { readonly at: number },
): Promise<Step> {
  const leave = (status: 'Removed' | 'NotAllowed'): Step => {
    writing.members[at] = { tenantId, status };
    return 'continue';
  };
  const tenant = await findManagedTenant(deps.tenants, tenantId);
  if (tenant === undefined) return leave('Removed');
  if (!(await deps.capabilities.mayStill(writing.one.createdBy, ['records.read'], tenantId)))
    return leave('NotAllowed');
  const { ingestedThrough, one } = writing;
  if (await awaitsIndexing(deps, { tenantId, requestedAt: one.createdDateTime, ingestedThrough }))
    return 'wait';
  writing.members[at] = { tenantId, status: 'Running' };
  writing.turn = await beginTurn(deps, tenant, writing.one.request);
  return 'continue';
}

async function writePage(deps: WritePartDeps, writing: Writing, turn: BundleTurn): Promise<Step> {
  const { writer, encoder, ingestedThrough, withTexts, one } = writing;
  const { tenantId, completeThrough, completeTo, names } = turn;
  const asked = withEnd(filtersOf(one.request.filters), completeTo ?? ingestedThrough);
  const question = { tenantId, filters: { ...asked, ...names }, ingestedThrough, completeThrough, withTexts };
  const page = await deps.pages.page(question, writing.position);
  for (const record of page.records) await writer.append(await encoder.add(record, turn));
  countIn(
    writing,
    page.records.map(({ record }) => record.createdDateTime),
  );
  writing.turn = { ...turn, recordCount: turn.recordCount + page.records.length };
  writing.position = page.next;
  if (page.next === undefined) endTurn(writing, writing.turn);
  return 'continue';
}

function countIn(writing: Writing, times: readonly Date[]): void {
  writing.records += times.length;
  const [newest, oldest] = [times[0], times.at(-1)];
  if (newest !== undefined && !(writing.newest !== undefined && writing.newest >= newest))
    writing.newest = newest;
  if (oldest !== undefined && !(writing.oldest !== undefined && writing.oldest <= oldest))
    writing.oldest = oldest;
}

function endTurn(writing: Writing, turn: BundleTurn): void {
  const { tenantId, displayName, recordCount, completeThrough, isPartial, isPending, hasGaps } = turn;
  const missing = { completeThrough, isPartial, isPending, hasGaps };
  writing.parts.push({ tenantId, displayName, recordCount, ...missing });
  writing.members[writing.members.findIndex(isOpen)] = { tenantId, status: 'Succeeded' };
  writing.turn = undefined;
}

/** Since its request, in milliseconds. */
export function ageOf({ now }: Pick<WritePartDeps, 'now'>, { createdDateTime }: Bundle): number {
  return now().getTime() - createdDateTime.getTime();
}
