/** Runs the two queries that Auditkeep is made for. */
import { type Api, type AuditRecord, type RecordFilter, recordsUrl } from './api.ts';

export interface Answer {
  readonly question: string;
  readonly records: readonly AuditRecord[];
  readonly isPartial: boolean;
  /** The URL of the query; undefined if there was no one to search for. */
  readonly url: URL | undefined;
}

/** A half-open range of time, and its name: `in the last 30 days`. */
export interface NamedPeriod {
  readonly from: Date;
  readonly to: Date;
  readonly name: string;
}

const DEMO_DAYS = 30;

export function lastDays(until: Date): NamedPeriod {
  const from = new Date(until.getTime() - DEMO_DAYS * 24 * 60 * 60 * 1000);
  return { from, to: until, name: `in the last ${DEMO_DAYS} days` };
}

/** The days that a file of records covers. */
export function daysOf({ from, to }: Pick<NamedPeriod, 'from' | 'to'>): NamedPeriod {
  return { from, to, name: `from ${from.toISOString().slice(0, 10)} to ${to.toISOString().slice(0, 10)}` };
}

/** What did the holders of Global Administrator do in the period? */
export async function askAboutRoleHolders(api: Api, tenantId: string, period: NamedPeriod): Promise<Answer> {
  const holders = await api.listRoleHolders(tenantId);
  const actor = holders.map(({ id }) => id);
  const { from, to, name } = period;
  const question = `What did the holders of Global Administrator do ${name}?`;
  return ask(api, tenantId, { question, filter: { from, to, actor } });
}

/** What did this person do in SharePoint in the period? */
export async function askAboutSharePoint(
  api: Api,
  tenantId: string,
  person: string,
  { from, to, name }: NamedPeriod,
): Promise<Answer> {
  const question = `What did ${person} do in SharePoint ${name}?`;
  return ask(api, tenantId, { question, filter: { from, to, actor: [person], service: 'SharePoint' } });
}

interface Question {
  readonly question: string;
  readonly filter: RecordFilter;
}

async function ask(api: Api, tenantId: string, { question, filter }: Question): Promise<Answer> {
  // Without a person, the filter would match everyone.
  if (filter.actor.length === 0) return { question, records: [], isPartial: false, url: undefined };
  const answer = await api.listRecords(tenantId, filter);
  return { question, ...answer, url: recordsUrl(api.baseUrl, tenantId, filter) };
}
