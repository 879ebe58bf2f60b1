/** The audit log of a tenant as the search finds it: the records of the feed, and those that the feed never had. */

import type { TenantState } from '../tenant-states.ts';

/** One record of the log. */
export interface AuditedRecord {
  readonly time: number;
  readonly fields: Readonly<Record<string, unknown>>;
}

const known = new WeakMap<TenantState, readonly AuditedRecord[]>();

/** All records, each once, in order of time. */
export const auditedRecords = (state: TenantState): readonly AuditedRecord[] => {
  const found = known.get(state) ?? readRecords(state);
  known.set(state, found);
  return found;
};

const readRecords = ({ tenant }: TenantState): readonly AuditedRecord[] => {
  const texts = [...tenant.records.map(({ text }) => text), ...(tenant.searchOnly ?? [])];
  const byText = new Map(texts.map((text) => [text, fieldsOf(text)]));
  return [...byText.values()]
    .flatMap((fields) => {
      const time = timeOf(fields);
      return Number.isNaN(time) ? [] : [{ time, fields }];
    })
    .sort((one, other) => one.time - other.time);
};

const fieldsOf = (text: string): Readonly<Record<string, unknown>> => {
  const value: unknown = JSON.parse(text);
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
};

/** CreationTime has no zone, and is UTC. */
const timeOf = (fields: Readonly<Record<string, unknown>>): number => {
  const text = String(fields['CreationTime']);
  return new Date(/Z$|[+-]\d\d:\d\d$/.test(text) ? text : `${text}Z`).getTime();
};
