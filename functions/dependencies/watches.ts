/** Watches: rules, and what applies them while landings are indexed. Loaded when they are first needed: no other function uses them. */
import type { WatchedRulesDeps } from '../../shared/detection/watched-rules.ts';
import type { StartWatching, WatchLandingDeps } from '../../shared/detection/watch-landing.ts';
import { loadPart } from '../../shared/lazy.ts';

type RulesOfWatch = WatchedRulesDeps['rulesOfWatch'];
type Deps = Omit<WatchedRulesDeps, 'rulesOfWatch'> & Omit<WatchLandingDeps, 'rulesOfTenant'>;

const rulesOfWatch: RulesOfWatch = async (watch) => {
  const rules = await loadPart(() => import('../../shared/detection/rules-of-watch.ts'));
  return await rules.rulesOfWatch(watch);
};

async function openWatching(deps: Deps): Promise<StartWatching> {
  const { createWatchedRules } = await loadPart(() => import('../../shared/detection/watched-rules.ts'));
  const { createLandingWatcher } = await loadPart(() => import('../../shared/detection/watch-landing.ts'));
  return createLandingWatcher({ ...deps, rulesOfTenant: createWatchedRules({ ...deps, rulesOfWatch }) });
}

export function forWatches(deps: Deps) {
  let start: StartWatching | undefined;
  const watching: StartWatching = async (tenantId) => {
    start ??= await openWatching(deps);
    return await start(tenantId);
  };
  return { rulesOfWatch, watching };
}
