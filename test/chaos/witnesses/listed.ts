/** Which content blobs were listed: read from storage directly. */
import { contentNamed } from '../../support/content.ts';
import type { Published } from '../world/publisher.ts';
import type { World } from '../world/world.ts';

/** IDs of those that the ledger knows, in whatever state. What is open becomes settled, so it is read first. */
export async function listedOf(
  { stored: { ledger } }: World,
  tenantId: string,
  contents: readonly Published[],
): Promise<ReadonlySet<string>> {
  if (contents.length === 0) return new Set();
  const open = await ledger.open(tenantId);
  const settled = await ledger.known(
    tenantId,
    contents.map(({ plan, contentId, contentCreated }) => ({
      ...contentNamed(contentId, contentCreated, plan.contentType),
      contentId,
    })),
  );
  const listed = new Set([...open.map(({ content }) => content.contentId), ...settled.keys()]);
  return new Set(contents.map(({ contentId }) => contentId).filter((id) => listed.has(id)));
}
