/** Content blobs whose bodies were rejected: what is known of them, and what operators decide about them. */
import type { ContentBlob } from '../activity/activity-feed.ts';
import { guidOfHash } from '../guid.ts';
import { sha256Of } from '../sha256.ts';
import type { Gap, OpenContent, Receipt } from './ledger.ts';

/** `retrying`: fetched again until it expires; `lost`: a gap; `givenUp`: a gap, by an operator's decision. */
export const rejectedStates = ['retrying', 'lost', 'givenUp'] as const;
export type RejectedState = (typeof rejectedStates)[number];

/** A content blob of which a rejected body is kept. */
export interface RejectedContent {
  /** A GUID that follows from the content blob. */
  readonly id: string;
  readonly content: Pick<ContentBlob, 'contentType' | 'contentId' | 'contentCreated'>;
  readonly state: RejectedState;
  /** What is wrong, and where. */
  readonly code: string;
  /** Of the body that is kept; absent in rows of earlier releases. */
  readonly receipt?: Receipt | undefined;
  /** Its row while it is retried. */
  readonly open?: OpenContent | undefined;
  /** Its hole, unless it is retried for the first time. */
  readonly gap?: Gap | undefined;
}

/** All of a tenant, newest first. A content blob that is retried after it was lost is one of them. */
export function rejectedContents(
  open: readonly OpenContent[],
  gaps: readonly Gap[],
): readonly RejectedContent[] {
  const byId = new Map<string, RejectedContent>();
  for (const gap of gaps) {
    const lost = lostContent(gap);
    if (lost !== undefined) byId.set(lost.id, lost);
  }
  for (const row of open.filter(({ state }) => state === 'rejected')) {
    const { content, code, receipt } = row;
    const id = rejectedId(content);
    byId.set(id, { id, content, state: 'retrying', code, receipt, open: row, gap: byId.get(id)?.gap });
  }
  return [...byId.values()].sort((a, b) => (positionOf(a) < positionOf(b) ? 1 : -1));
}

/** Sorts by the time of the content blob. */
export function positionOf({ id, content }: RejectedContent): string {
  return `${content.contentCreated.toISOString()}_${id}`;
}

/** Of the rejected body that is kept of what is lost; undefined if there is none. */
export function rejectedIdOf(gap: Gap): string | undefined {
  return lostContent(gap)?.id;
}

function lostContent(gap: Gap): RejectedContent | undefined {
  const { contentType, contentId, window, reason, code, receipt } = gap;
  if (contentId === undefined || (receipt === undefined && reason !== 'contentRejected')) return undefined;
  const content = { contentType, contentId, contentCreated: window.start };
  const state = gap.givenUpAt === undefined ? 'lost' : 'givenUp';
  return { id: rejectedId(content), content, state, code, receipt, gap };
}

/** A GUID, always the same for the same content blob. */
export function rejectedId({
  contentType,
  contentId,
}: Pick<ContentBlob, 'contentType' | 'contentId'>): string {
  return guidOfHash(sha256Of(`${contentType}\n${contentId}`));
}
