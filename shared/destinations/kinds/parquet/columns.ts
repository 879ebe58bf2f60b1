/** The columns of Parquet files of records. */
import { recordTypeName } from '../../../records/record-types.ts';
import { normalize } from '../../../records/normalize.ts';
import type { EncodedRecord } from '../../outgoing.ts';
import { wellFormed } from '../well-formed.ts';

type Value = string | number | bigint | boolean | Date | Buffer | null;

export interface ParquetColumn {
  readonly name: string;
  readonly type: 'text' | 'time' | 'int' | 'long' | 'boolean';
  /** Every record has a value. */
  readonly isRequired: boolean;
  readonly valueOf: (record: EncodedRecord) => Value;
}

const required = { isRequired: true } as const;
const optional = { isRequired: false } as const;

/** No name of a partition is among them: engines would refuse one that is in both places. */
export const parquetColumns: readonly ParquetColumn[] = [
  { name: 'tenant_id', type: 'text', ...required, valueOf: ({ record }) => record.tenantId },
  { name: 'tenant_name', type: 'text', ...required, valueOf: ({ record }) => wellFormed(record.tenantName) },
  { name: 'id', type: 'text', ...required, valueOf: ({ record }) => record.id },
  { name: 'created', type: 'time', ...required, valueOf: ({ record }) => record.createdDateTime },
  { name: 'landed', type: 'time', ...required, valueOf: ({ record }) => record.ingestedDateTime },
  { name: 'sequence', type: 'long', ...required, valueOf: ({ record }) => BigInt(record.place.sequence) },
  { name: 'line', type: 'int', ...required, valueOf: ({ record }) => record.place.line },
  { name: 'record_type', type: 'int', ...optional, valueOf: ({ record }) => int(record.summary.recordType) },
  {
    name: 'record_type_name',
    type: 'text',
    ...optional,
    valueOf: ({ record: { summary } }) =>
      summary.recordType === undefined ? null : recordTypeName(summary.recordType),
  },
  { name: 'operation', type: 'text', ...optional, valueOf: ({ record }) => text(record.summary.operation) },
  { name: 'workload', type: 'text', ...optional, valueOf: ({ record }) => text(record.summary.service) },
  {
    // Names that differ in case or composition are one user, as in queries of the API.
    name: 'user_id',
    type: 'text',
    ...optional,
    valueOf: ({ record: { summary } }) =>
      summary.userId === undefined ? null : wellFormed(normalize.text(summary.userId)),
  },
  { name: 'user_type', type: 'int', ...optional, valueOf: ({ record }) => int(record.summary.userType) },
  { name: 'client_ip', type: 'text', ...optional, valueOf: ({ record }) => text(record.summary.clientIp) },
  { name: 'object_id', type: 'text', ...optional, valueOf: ({ record }) => text(record.summary.objectId) },
  {
    name: 'result_status',
    type: 'text',
    ...optional,
    valueOf: ({ record }) => text(record.summary.resultStatus),
  },
  { name: 'record', type: 'text', ...required, valueOf: ({ body }) => body },
  { name: 'record_truncated', type: 'boolean', ...required, valueOf: ({ record }) => record.truncated },
];

function text(value: string | undefined): string | null {
  return value === undefined ? null : wellFormed(value);
}

/** What 32 bits hold: a file cannot be written with any other number. */
function int(value: number | undefined): number | null {
  return value !== undefined && Number.isInteger(value) && (value | 0) === value ? value : null;
}
