/** Table `DeadLetters`: a row per record that a destination refused, in the partition of its tenant. */
import { odata } from '@azure/data-tables';
import pMap from 'p-map';
import {
  deadLetterSchema,
  type DeadLetter,
  type DeadLetterStore,
  type LetterPlace,
} from '../../destinations/dead-letter.ts';
import { numberKey } from './landing-keys.ts';
import { openRows } from './rows.ts';
import type { Tables } from './tables.ts';

const columns = deadLetterSchema.omit({ tenantId: true, destinationId: true, sequence: true, line: true });

const writesAtOnce = 8;

export function createDeadLetterStore(tables: Tables): DeadLetterStore {
  const rows = openRows(tables, {
    table: 'DeadLetters',
    columns,
    toRow: (letter, { partitionKey: tenantId, rowKey }): DeadLetter => {
      const [destinationId = '', sequence, line] = rowKey.split('_');
      return { ...letter, tenantId, destinationId, sequence: Number(sequence), line: Number(line) };
    },
  });
  return {
    async put(letters) {
      await pMap(letters, (letter) => rows.put(keyOf(letter), letter), { concurrency: writesAtOnce });
    },
    list: (destinationId, limit, after) => {
      const own = odata`RowKey gt ${`${destinationId}_`} and RowKey lt ${`${destinationId}_:`}`;
      if (after === undefined) return rows.all(own, limit);
      const { partitionKey, rowKey } = keyOf({ ...after, destinationId });
      const rest = odata`PartitionKey gt ${partitionKey} or (PartitionKey eq ${partitionKey} and RowKey gt ${rowKey})`;
      return rows.all(`${own} and (${rest})`, limit);
    },
    async remove(letters) {
      await pMap(letters, (letter) => rows.remove(keyOf(letter)), { concurrency: writesAtOnce });
    },
  };
}

function keyOf({ tenantId, destinationId, sequence, line }: LetterPlace & Pick<DeadLetter, 'destinationId'>) {
  return { partitionKey: tenantId, rowKey: `${destinationId}_${numberKey(sequence)}_${numberKey(line)}` };
}
