/** What rules would have found: reads records of the last days again, and stores nothing. */
import pMap from 'p-map';
import type { ExportedRecord, RecordPages } from '../exports/record-pages.ts';
import { createRecordText } from '../query/matching/free-text.ts';
import type { StoredTenant } from '../tenants/tenant.ts';
import { operationsOf } from './conditions/operations-of.ts';
import { compileRules } from './evaluate.ts';
import type { Match } from './match.ts';
import type { Rule } from './rule.ts';
import { firingsOf } from './window/firings.ts';
import { mergeMatches } from './window/merge-matches.ts';
import { groupBy } from '../group-by.ts';

export interface DryRunDeps {
  readonly pages: RecordPages;
  readonly now: () => Date;
}

export interface DryRunOfTenant {
  readonly tenantId: string;
  readonly displayName: string;
  /** How many findings there would be. */
  readonly findings: number;
  /** Records that match a rule. */
  readonly matches: number;
  readonly recordsRead: number;
  /** Everything since then was read: later than the beginning if there was too much. */
  readonly readFrom: Date;
  /** By rule; those without findings are left out. */
  readonly rules: readonly { readonly id: string; readonly title: string; readonly findings: number }[];
}

export interface DryRun {
  readonly from: Date;
  readonly to: Date;
  /** In order of findings, most first. */
  readonly tenants: readonly DryRunOfTenant[];
  /** Rules that cannot be evaluated, with the first cause of each. */
  readonly failed: ReadonlyMap<string, string>;
}

/** Of each tenant. */
const mostRecords = 5000;
/** A request waits for the answer. */
const mostMs = 60_000;
const tenantsAtOnce = 4;
const dayMs = 24 * 60 * 60_000;

/** @param days how far back @throws when storage fails */
export async function dryRun(
  deps: DryRunDeps,
  { rules, tenants, days }: { rules: readonly Rule[]; tenants: readonly StoredTenant[]; days: number },
): Promise<DryRun> {
  const to = deps.now();
  const from = new Date(to.getTime() - days * dayMs);
  const failed = new Map<string, string>();
  const onFailure = (rule: Rule, error: unknown) => {
    if (!failed.has(rule.id)) failed.set(rule.id, error instanceof Error ? error.message : String(error));
  };
  const trial: Trial = { ...deps, rules, from, to, endsAt: to.getTime() + mostMs, onFailure };
  const tried = await pMap(tenants, (tenant) => tryTenant(trial, tenant), { concurrency: tenantsAtOnce });
  return { from, to, failed, tenants: tried.toSorted((a, b) => b.findings - a.findings) };
}

interface Trial extends DryRunDeps {
  readonly rules: readonly Rule[];
  readonly from: Date;
  readonly to: Date;
  readonly endsAt: number;
  readonly onFailure: (rule: Rule, error: unknown) => void;
}

async function tryTenant(trial: Trial, tenant: StoredTenant): Promise<DryRunOfTenant> {
  const { tenantId, displayName } = tenant;
  const compiled = compileRules(trial.rules, trial.onFailure);
  const acceptedDomains = (tenant.domains ?? []).map((domain) => domain.toLowerCase());
  const matches: CountedMatch[] = [];
  const { recordsRead, readFrom } = await readRecords(trial, tenantId, async ({ record, text }) => {
    const watched = { tenantId, record, text: createRecordText(await text()), acceptedDomains };
    matches.push(...compiled.evaluate(watched).matches.map(counted));
  });
  const rules = trial.rules
    .map((rule) => ({ id: rule.id, title: rule.title, findings: countFindings(trial, rule, matches) }))
    .filter(({ findings }) => findings > 0);
  const findings = rules.reduce((sum, rule) => sum + rule.findings, 0);
  return { tenantId, displayName, findings, matches: matches.length, recordsRead, readFrom, rules };
}

type CountedMatch = Pick<Match, 'rule' | 'groupKey' | 'entries'>;

/** Without the record: thousands of texts would be held. */
function counted({ rule, groupKey, entries }: Match): CountedMatch {
  return { rule, groupKey, entries };
}

/** Newest first, until there are no more, there are too many, or the time is up. */
async function readRecords(
  { pages, rules, from, to, ...trial }: Trial,
  tenantId: string,
  take: (record: ExportedRecord) => Promise<void>,
): Promise<{ readonly recordsRead: number; readonly readFrom: Date }> {
  const operations = operationsOfAll(rules);
  const filters = { from, to, ...(operations === undefined ? {} : { operations }) };
  const asOf = { ingestedThrough: to, completeThrough: undefined };
  let [recordsRead, position, readFrom]: [number, string | undefined, Date] = [0, undefined, to];
  const isOver = () => recordsRead >= mostRecords || trial.now().getTime() >= trial.endsAt;
  while (!isOver()) {
    const question = { tenantId, filters, ...asOf, withTexts: true };
    const { records, next } = await pages.page(question, position);
    for (const one of records) {
      if (isOver()) return { recordsRead, readFrom };
      await take(one);
      recordsRead++;
      readFrom = one.record.createdDateTime;
    }
    if (next === undefined) return { recordsRead, readFrom: from };
    position = next;
  }
  return { recordsRead, readFrom };
}

/** More than a query takes are not named: then all records are read. */
const mostOperations = 100;

function operationsOfAll(rules: readonly Rule[]): readonly string[] | undefined {
  const sets = rules.map(({ condition }) => operationsOf(condition));
  const known = sets.filter((set) => set !== undefined);
  const all = [...new Set(known.flatMap((set) => [...set]))];
  return known.length < sets.length || all.length > mostOperations ? undefined : all;
}

function countFindings({ from }: Trial, rule: Rule, matches: readonly CountedMatch[]): number {
  const own = matches.filter((match) => match.rule === rule);
  const groups = [...groupBy(own, ({ groupKey }) => groupKey).values()];
  return groups.reduce((sum, group) => {
    const entries = group.flatMap((match) => match.entries);
    return sum + firingsOf(rule, mergeMatches(rule.trigger, [], entries), from).length;
  }, 0);
}
