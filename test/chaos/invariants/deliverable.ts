/** What Auditkeep must have at the end: what Microsoft published, listed, and served. */
import type { Published, Publisher } from '../world/publisher.ts';
import type { World } from '../world/world.ts';

export interface Deliverable {
  /** Content that could be fetched. */
  readonly contents: readonly Published[];
  /** Content that was listed and gone when it was fetched. */
  readonly vanished: readonly Published[];
  /** Content that was published while its subscription was stopped. */
  readonly missed: readonly Published[];
  /** Texts of all records that could be fetched, by tenant; each once. */
  readonly textsByTenant: ReadonlyMap<string, readonly string[]>;
}

export function deliverableOf({ simulator, tenantIds }: World, publisher: Publisher): Deliverable {
  const missedIds = new Set(
    tenantIds.flatMap((tenantId) =>
      simulator.published(tenantId).flatMap(({ contentId, isMissed }) => (isMissed ? [contentId] : [])),
    ),
  );
  const isMissed = ({ contentId }: Published) => missedIds.has(contentId);
  const listed = publisher.all().filter((one) => !isMissed(one));
  const contents = listed.filter(({ plan }) => plan.kind !== 'vanishing');
  const textsOf = (tenantId: string) => [
    ...new Set(contents.filter((one) => one.tenantId === tenantId).flatMap(({ texts }) => texts)),
  ];
  return {
    contents,
    vanished: listed.filter(({ plan }) => plan.kind === 'vanishing'),
    missed: publisher.all().filter(isMissed),
    textsByTenant: new Map(tenantIds.map((tenantId) => [tenantId, textsOf(tenantId)])),
  };
}
