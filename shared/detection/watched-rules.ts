/** Which rules are applied to the records of which tenant: read once a minute, compiled when they change. */
import { contains } from '../access/tenant-set.ts';
import { cutText } from '../reports/cut-text.ts';
import type { Telemetry } from '../telemetry.ts';
import type { StoredTenant, TenantStore } from '../tenants/tenant.ts';
import type { AppliedRule } from './add-matches.ts';
import { compileRules, type CompiledRules, type OnFailure } from './evaluate.ts';
import { prepareWatch, type PreparedWatch, type RulesOfWatch } from './prepare-watch.ts';
import type { Rule } from './rule.ts';
import type { StoredWatch, WatchStore } from './watch.ts';

export interface WatchedRulesDeps {
  readonly watches: Pick<WatchStore, 'list' | 'update'>;
  readonly tenants: Pick<TenantStore, 'list'>;
  readonly rulesOfWatch: RulesOfWatch;
  readonly telemetry: Telemetry;
  readonly now: () => Date;
  /** Milliseconds of a clock that cannot be set. */
  readonly elapsed?: (() => number) | undefined;
}

/** How long a host may not know of a watch that was made or changed. */
export const watchesKnownMs = 60_000;

/** What is applied to the records of one tenant. */
export interface RulesOfTenant {
  readonly compiled: CompiledRules;
  readonly appliedBy: (rule: Rule) => AppliedBy | undefined;
  /** Receives a rule whose match cannot be used. */
  readonly onFailure: OnFailure;
  /** Domains of the tenant, in lower case; empty if they are not known. */
  readonly acceptedDomains: readonly string[];
}

export interface AppliedBy {
  readonly applied: AppliedRule;
  readonly watch: StoredWatch;
}

type CompiledFor = Pick<RulesOfTenant, 'compiled' | 'appliedBy' | 'onFailure'>;

interface Known {
  readonly until: number;
  readonly watches: readonly PreparedWatch[];
  readonly tenants: ReadonlyMap<string, StoredTenant>;
  /** By the watches of a tenant: many tenants have the same. */
  readonly compiled: Map<string, CompiledFor>;
  /** Watches of which a rule failed, with the first cause. */
  readonly failed: Map<StoredWatch, string>;
}

/** Gives a function that is undefined for a tenant without rules. @throws when storage fails */
export function createWatchedRules(
  deps: WatchedRulesDeps,
): (tenantId: string) => Promise<RulesOfTenant | undefined> {
  const elapsed = deps.elapsed ?? (() => performance.now());
  let known: Promise<Known> | undefined;
  const read = async (): Promise<Known> => {
    const last = await known?.catch(() => undefined);
    if (last !== undefined && elapsed() < last.until) return last;
    return await (known = know(deps, elapsed() + watchesKnownMs, last));
  };
  const current = oneAtATime(read);
  return async (tenantId) => rulesOf(deps, await current(), tenantId);
}

/** Landings that come while it is read wait for the same reading. */
function oneAtATime<T>(read: () => Promise<T>): () => Promise<T> {
  let reading: Promise<T> | undefined;
  return async () => {
    reading ??= read().finally(() => (reading = undefined));
    return await reading;
  };
}

/** One request if no watch is enabled. */
async function know(deps: WatchedRulesDeps, until: number, last: Known | undefined): Promise<Known> {
  await markFailed(deps, last);
  const enabled = (await deps.watches.list()).filter((watch) => watch.enabled);
  const before = new Map(last?.watches.map((one) => [one.watch.etag, one]));
  const failed = new Map<StoredWatch, string>();
  const watches: PreparedWatch[] = [];
  for (const watch of enabled)
    watches.push(
      before.get(watch.etag) ??
        (await prepareWatch(deps.rulesOfWatch, watch, (cause) => void failed.set(watch, cause))),
    );
  const tenants = enabled.length === 0 ? [] : await deps.tenants.list();
  const isSame =
    watches.length === last?.watches.length && watches.every((one) => last.watches.includes(one));
  return {
    until,
    watches,
    tenants: new Map(tenants.map((tenant) => [tenant.tenantId, tenant])),
    compiled: isSame ? last.compiled : new Map<string, CompiledFor>(),
    failed: isSame ? last.failed : failed,
  };
}

function rulesOf(deps: WatchedRulesDeps, known: Known, tenantId: string): RulesOfTenant | undefined {
  const tenant = known.tenants.get(tenantId);
  const member = { tenantId, ...(tenant?.tags === undefined ? {} : { tags: tenant.tags }) };
  const own = known.watches.filter(({ watch, rules }) => rules.length > 0 && contains(watch.tenants, member));
  if (own.length === 0) return undefined;
  const key = own.map(({ watch }) => watch.watchId).join();
  const compiled = known.compiled.get(key) ?? compile(deps, known, own);
  known.compiled.set(key, compiled);
  return { ...compiled, acceptedDomains: (tenant?.domains ?? []).map((domain) => domain.toLowerCase()) };
}

function compile(
  { telemetry }: WatchedRulesDeps,
  { failed }: Known,
  watches: readonly PreparedWatch[],
): CompiledFor {
  const appliedBy = new Map<Rule, AppliedBy>();
  for (const { watch, rules } of watches)
    for (const applied of rules) appliedBy.set(applied.rule, { watch, applied });
  const reported = new Set<Rule>();
  const onFailure: OnFailure = (rule, error) => {
    const watch = appliedBy.get(rule)?.watch;
    if (watch === undefined || reported.has(rule)) return;
    reported.add(rule);
    const cause = `${rule.title}: ${error instanceof Error ? error.message : String(error)}`;
    if (!failed.has(watch)) failed.set(watch, cause);
    telemetry('watches.rule.failed', { watchId: watch.watchId, ruleId: rule.id });
  };
  const compiled = compileRules([...appliedBy.keys()], onFailure);
  return { compiled, appliedBy: (rule) => appliedBy.get(rule), onFailure };
}

/** Shows that rules fail. It is shown again in a minute if that is not stored. */
async function markFailed({ watches, now }: WatchedRulesDeps, last: Known | undefined): Promise<void> {
  for (const [watch, cause] of last?.failed ?? []) {
    if (watch.failure !== undefined) continue;
    // A rule may have a long title, and the watch is large already.
    await watches.update(watch, { failure: { since: now(), cause: cutText(cause) } });
  }
}
