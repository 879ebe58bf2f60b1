/** Creates, changes, and deletes watches. */
import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { invalidParameter, RequestError } from '../errors.ts';
import { retryConflict } from '../retry.ts';
import { whyUnknown } from './conditions/known-members.ts';
import type { RulesOfWatch } from './prepare-watch.ts';
import { checkSize } from './size-of-watch.ts';
import {
  findWatch,
  type StoredWatch,
  type Suppression,
  type Watch,
  type WatchChanges,
  type WatchStore,
} from './watch.ts';

export interface ManageWatchesDeps {
  readonly watches: WatchStore;
  readonly rulesOfWatch: RulesOfWatch;
  readonly now: () => Date;
}

export type NewWatch = Pick<Watch, 'displayName' | 'source' | 'tenants' | 'enabled' | 'createdBy'> & {
  readonly severity: Watch['severity'] | undefined;
};

/** Hosts read all of them once a minute, and apply their rules to each record. */
const maxWatches = 100;
/** They are part of the watch. */
const maxSuppressions = 200;

/** @throws RequestError 400 for rules that are not valid or too large, 409 when there are too many */
export async function createWatch(
  deps: ManageWatchesDeps,
  { severity, ...wanted }: NewWatch,
): Promise<Watch> {
  const watchId = randomUUID();
  await deps.rulesOfWatch({ watchId, source: wanted.source });
  if ((await deps.watches.list()).length >= maxWatches)
    throw new RequestError(409, 'TooManyWatches', tooMany);
  const watch: Watch = {
    ...wanted,
    ...(severity === undefined ? {} : { severity }),
    watchId,
    suppressions: [],
    createdDateTime: deps.now(),
  };
  checkSize(watch);
  await deps.watches.create(watch);
  return watch;
}

const tooMany = `There can be ${maxWatches} watches. Delete those that are no longer needed.`;

/** Absent and undefined members stay as they are; a severity of null is that of the rules. */
export type WatchPatch = {
  readonly [K in keyof Omit<WatchChanges, 'failure' | 'severity' | 'suppressions'>]:
    WatchChanges[K] | undefined;
} & { readonly severity: Watch['severity'] | null | undefined };

/** @throws RequestError 400, 404, and 409 when others keep changing it */
export async function changeWatch(
  deps: ManageWatchesDeps,
  watchId: string,
  { severity, ...patch }: WatchPatch,
): Promise<StoredWatch> {
  if (patch.source !== undefined) await deps.rulesOfWatch({ watchId, source: patch.source });
  const given = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
  const severityChange = severity === undefined ? {} : { severity: severity ?? undefined };
  return await update(deps, watchId, (watch) => {
    if (patch.source !== undefined) checkSize({ ...watch, source: patch.source });
    return { ...given, ...severityChange, failure: undefined };
  });
}

async function update(
  { watches }: Pick<ManageWatchesDeps, 'watches'>,
  watchId: string,
  changesOf: (watch: StoredWatch) => WatchChanges,
): Promise<StoredWatch> {
  return await retryConflict('watch', async () => {
    const watch = await findWatch(watches, watchId);
    return await watches.update(watch, changesOf(watch));
  });
}

/** Its findings stay. Succeeds if there is none. */
export async function deleteWatch(
  { watches }: Pick<ManageWatchesDeps, 'watches'>,
  watchId: string,
): Promise<void> {
  const id = z.guid().safeParse(watchId).data?.toLowerCase();
  if (id !== undefined) await watches.remove(id);
}

export type NewSuppression = Omit<Suppression, 'suppressionId' | 'createdDateTime'>;

/** @throws RequestError 400 for a member that no record has, an end that is past, or a watch that is too large then; 404; 409 when there are too many */
export async function suppress(
  deps: ManageWatchesDeps,
  watchId: string,
  wanted: NewSuppression,
): Promise<Suppression> {
  const { member, values, endDateTime } = wanted;
  const why = member === undefined ? undefined : whyUnknown(member);
  if (why !== undefined) throw invalidParameter('member', `'${(member ?? '').slice(0, 64)}' ${why}.`);
  if ((member === undefined) !== (values === undefined))
    throw invalidParameter('values', `'member' and 'values' belong together.`);
  if (endDateTime <= deps.now()) throw invalidParameter('endDateTime', `'endDateTime' is in the past.`);
  const suppression = { ...wanted, suppressionId: randomUUID(), createdDateTime: deps.now() };
  await update(deps, watchId, ({ source, suppressions }) => {
    const kept = suppressions.filter((one) => isKept(one, deps.now()));
    if (kept.length >= maxSuppressions)
      throw new RequestError(409, 'TooManySuppressions', tooManySuppressions);
    const changed = { suppressions: [...kept, suppression] };
    checkSize({ source, ...changed });
    return changed;
  });
  return suppression;
}

const tooManySuppressions = `A watch can have ${maxSuppressions} suppressions. Change the rule, or end some.`;

/** Late records from before the end may still come. */
const keptForMs = 30 * 24 * 60 * 60_000;

function isKept({ endDateTime }: Suppression, now: Date): boolean {
  return endDateTime.getTime() + keptForMs > now.getTime();
}

/** Succeeds if the watch has none with this ID. @throws RequestError 404 for an unknown watch */
export async function endSuppression(
  deps: ManageWatchesDeps,
  watchId: string,
  suppressionId: string,
): Promise<void> {
  await update(deps, watchId, ({ suppressions }) => ({
    suppressions: suppressions.filter((one) => one.suppressionId !== suppressionId.toLowerCase()),
  }));
}
