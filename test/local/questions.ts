/** Runs the two queries that Auditkeep is made for. */
import { type Api, type AuditRecord, type RecordFilter, recordsUrl } from './api.ts';
import type { RecordsFile } from './records-file.ts';

export interface Answer {
  readonly question: string;
  readonly records: readonly AuditRecord[];
  /** Not everything has been collected yet. */
  readonly isPending: boolean;
  /** The range begins before collection did, or has gaps. */
  readonly hasGaps: boolean;
  /** Of the query. */
  readonly filter: RecordFilter;
  /** The URL of the query; undefined if there was no one to search for. */
  readonly url: URL | undefined;
}

/** A half-open range of time, and its name: `in the last 30 days`. */
interface NamedPeriod {
  readonly from: Date;
  readonly to: Date;
  readonly name: string;
}

const DEMO_DAYS = 30;

function lastDays(until: Date): NamedPeriod {
  const from = new Date(until.getTime() - DEMO_DAYS * 24 * 60 * 60 * 1000);
  return { from, to: until, name: `in the last ${DEMO_DAYS} days` };
}

/** The days that a file of records covers. */
function daysOf({ from, to }: Pick<NamedPeriod, 'from' | 'to'>): NamedPeriod {
  return { from, to, name: `from ${dayOf(from)} to ${dayOf(new Date(to.getTime() - 1))}` };
}

function dayOf(time: Date): string {
  return time.toISOString().slice(0, 10);
}

type AskedApi = Pick<Api, 'baseUrl' | 'getIngestion' | 'listRoleHolders' | 'listRecords'>;

/**
 * Both queries: about the days that the file covers, or else about the last 30 days. The second one is about the person
 * of interest, or else about the one whom the first answer begins with; there is none if it is empty.
 */
export async function askQuestions(
  api: AskedApi,
  tenantId: string,
  { period: covered, personOfInterest }: RecordsFile,
): Promise<readonly Answer[]> {
  // Including the last few seconds would make every answer partial.
  const { completeThrough } = await api.getIngestion(tenantId);
  const period = covered === undefined ? lastDays(new Date(completeThrough ?? Date.now())) : daysOf(covered);
  const first = await askAboutRoleHolders(api, tenantId, period);
  const person = personOfInterest ?? first.records[0]?.userId ?? undefined;
  return person === undefined ? [first] : [first, await askAboutSharePoint(api, tenantId, person, period)];
}

/** What did the holders of Global Administrator do in the period? */
async function askAboutRoleHolders(api: AskedApi, tenantId: string, period: NamedPeriod): Promise<Answer> {
  const holders = await api.listRoleHolders(tenantId);
  const actor = holders.map(({ id }) => id);
  const { from, to, name } = period;
  const question = `What did the holders of Global Administrator do ${name}?`;
  return ask(api, tenantId, { question, filter: { from, to, actor } });
}

/** What did this person do in SharePoint, which has two names, in the period? */
async function askAboutSharePoint(
  api: AskedApi,
  tenantId: string,
  person: string,
  { from, to, name }: NamedPeriod,
): Promise<Answer> {
  const question = `What did ${person} do in SharePoint ${name}?`;
  return ask(api, tenantId, {
    question,
    filter: { from, to, actor: [person], service: 'SharePoint,OneDrive' },
  });
}

interface Question {
  readonly question: string;
  readonly filter: RecordFilter;
}

async function ask(api: AskedApi, tenantId: string, { question, filter }: Question): Promise<Answer> {
  // Without a person, the filter would match everyone.
  if (filter.actor.length === 0)
    return { question, filter, records: [], isPending: false, hasGaps: false, url: undefined };
  const answer = await api.listRecords(tenantId, filter);
  return { question, filter, ...answer, url: recordsUrl(api.baseUrl, tenantId, filter) };
}
