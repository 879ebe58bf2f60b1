/** Runs the two queries that Auditkeep is made for. */
import { type Api, type AuditRecord, type RecordFilter, recordsUrl } from './api.ts';

const PERIOD_DAYS = 30;

export interface Answer {
  readonly question: string;
  readonly records: readonly AuditRecord[];
  readonly isPartial: boolean;
  /** The URL of the query; undefined if there was no one to search for. */
  readonly url: URL | undefined;
}

/** What did the holders of Global Administrator do in the last 30 days? */
export async function askAboutRoleHolders(api: Api, tenantId: string, until: Date): Promise<Answer> {
  const holders = await api.listRoleHolders(tenantId);
  const users = holders.flatMap(({ userPrincipalName }) => userPrincipalName ?? []);
  return ask(api, tenantId, {
    question: `What did the holders of Global Administrator do in the last ${PERIOD_DAYS} days?`,
    filter: { ...lastDays(until), users },
  });
}

/** What did this person do in SharePoint in the last 30 days? */
export async function askAboutSharePoint(
  api: Api,
  tenantId: string,
  person: string,
  until: Date,
): Promise<Answer> {
  return ask(api, tenantId, {
    question: `What did ${person} do in SharePoint in the last ${PERIOD_DAYS} days?`,
    filter: { ...lastDays(until), users: [person], service: 'SharePoint' },
  });
}

interface Question {
  readonly question: string;
  readonly filter: RecordFilter;
}

async function ask(api: Api, tenantId: string, { question, filter }: Question): Promise<Answer> {
  // Without a user, the filter would match everyone.
  if (filter.users.length === 0) return { question, records: [], isPartial: false, url: undefined };
  const answer = await api.listRecords(tenantId, filter);
  return { question, ...answer, url: recordsUrl(api.baseUrl, tenantId, filter) };
}

function lastDays(until: Date): Pick<RecordFilter, 'from' | 'to'> {
  return { from: new Date(until.getTime() - PERIOD_DAYS * 24 * 60 * 60 * 1000), to: until };
}
