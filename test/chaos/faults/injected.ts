/** How often each kind of fault has struck. */
import type { Publisher } from '../world/publisher.ts';
import type { World } from '../world/world.ts';
import type { Disturber } from './disturbances.ts';
import type { ArmedService } from './service-faults.ts';
import type { ArmedStorage } from './storage-faults.ts';

export interface Injected {
  readonly name: string;
  readonly count: number;
  /** By service of storage. */
  readonly detail?: string;
}

export interface Injectors {
  readonly world: World;
  readonly publisher: Publisher;
  readonly service: ArmedService;
  readonly storage: ArmedStorage;
  readonly disturber: Disturber;
}

export function readInjected({
  world,
  publisher,
  service,
  storage,
  disturber,
}: Injectors): readonly Injected[] {
  const ofStorage = [...storage.hits()].map(([name, byService]) => ({
    name,
    count: [...byService.values()].reduce((sum, count) => sum + count, 0),
    detail: [...byService].map(([of, count]) => `${of} ${count}`).join(', '),
  }));
  return [
    ...toRows(service.hits()),
    ...ofContent(world, publisher),
    ...ofStorage,
    ...toRows(disturber.hits()),
  ];
}

function toRows(hits: ReadonlyMap<string, number>): readonly Injected[] {
  return [...hits].map(([name, count]) => ({ name, count }));
}

/** What happens to content by its nature. */
function ofContent({ simulator, tenantIds }: World, publisher: Publisher): readonly Injected[] {
  const listed = tenantIds.flatMap((tenantId) => simulator.published(tenantId));
  const timesGrowing = listed.reduce((sum, { timesListedGrowing }) => sum + timesListedGrowing, 0);
  const published = (kind: string) => publisher.all().filter(({ plan }) => plan.kind === kind).length;
  const emptyPages = tenantIds.reduce((sum, tenantId) => sum + simulator.emptyPages(tenantId), 0);
  return [
    { name: 'content vanished', count: publisher.vanished() },
    { name: 'content listed while it grew', count: timesGrowing },
    { name: 'content listed again under another ID', count: published('repeated') },
    { name: 'content published hours late', count: published('late') },
    { name: 'empty page before another', count: emptyPages },
  ];
}
