/** Records as rows of SQL Server. */
import { isObject, parseJson } from '../../../json.ts';
import type { OutgoingRecord } from '../../outgoing.ts';
import {
  columnsOf,
  maxUserCharacters,
  recordColumns,
  withoutUnstorable,
  type RecordColumn,
} from '../relational/columns.ts';
import { isDeeper } from '../relational/json-depth.ts';

/** Of texts, in UTF-16 units; longer ones are cut, and whole in the record. Names and addresses do not come near. */
const shortText = 400;
/** What the summary of a record has at most, and its ellipsis, fits. */
const longText = 2048;

interface ColumnType {
  readonly type: string;
  /** UTF-16 units. */
  readonly maxLength?: number;
}

const text = (maxLength: number): ColumnType => ({ type: `nvarchar(${maxLength})`, maxLength });

const types: Readonly<Record<RecordColumn, ColumnType>> = {
  id: { type: 'varchar(36)' },
  created: { type: 'datetime2(3)' },
  landed: { type: 'datetime2(3)' },
  sequence: { type: 'bigint' },
  line: { type: 'int' },
  record_type: { type: 'int' },
  operation: text(shortText),
  workload: text(shortText),
  user_id: text(maxUserCharacters),
  user_type: { type: 'int' },
  client_ip: text(shortText),
  object_id: text(longText),
  result_status: text(shortText),
};

/** Columns that a row has in addition to the tenant's ID and the record itself, in the order of the insert. */
export const rowColumns = recordColumns.map((name) => ({ name, ...types[name] }));

/**
 * A list in JSON: the columns, 1 if the record is an object that SQL Server can read and else 0, and the text of the
 * record. What is sent is a list of such lists.
 */
export function encodeRow(record: OutgoingRecord): Buffer {
  const columns = columnsOf(record);
  const values = rowColumns.map(({ name, maxLength }) => fitting(columns[name], maxLength));
  const { isJson, text: whole } = storedText(record);
  return Buffer.from(JSON.stringify([...values, isJson ? 1 : 0, whole]));
}

function fitting(value: string | number | undefined, maxLength: number | undefined): string | number | null {
  if (value === undefined) return null;
  if (typeof value === 'number' || maxLength === undefined || value.length <= maxLength) return value;
  // The cut may go through a pair.
  return withoutUnstorable(value.slice(0, maxLength));
}

/** SQL Server reads 128 levels. */
const maxDepth = 100;

/** Functions of SQL Server for JSON fail on a text that is not JSON, and older ones read only objects and lists. */
function storedText({ text: bytes, truncated }: OutgoingRecord): {
  readonly isJson: boolean;
  readonly text: string;
} {
  const whole = bytes.toString('utf8');
  const isJson = !truncated && isObject(parseJson(whole)) && !isDeeper(whole, maxDepth);
  return { isJson, text: isJson ? whole : withoutUnstorable(whole) };
}
