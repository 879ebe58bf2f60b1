/** Table `Destinations`: a row per destination, all in one partition; sending changes its circuit. */
import {
  circuitSchema,
  destinationSchema,
  namedSearchSchema,
  type DestinationStore,
  type StoredDestination,
} from '../../destinations/destination.ts';
import { jsonColumn } from './columns.ts';
import { openRows } from './rows.ts';
import { ifUnchanged, type Tables } from './tables.ts';

const { settings, filters } = destinationSchema.shape;

const columns = destinationSchema.omit({ destinationId: true }).extend({
  settings: jsonColumn(settings),
  filters: jsonColumn(filters),
  search: jsonColumn(namedSearchSchema).optional(),
  circuit: jsonColumn(circuitSchema).optional(),
});

const partitionKey = 'destinations';

export function createDestinationStore(tables: Tables): DestinationStore {
  const rows = openRows(tables, {
    table: 'Destinations',
    columns,
    toRow: (destination, { rowKey, etag }): StoredDestination => ({
      ...destination,
      destinationId: rowKey,
      etag,
    }),
  });
  const keyOf = (rowKey: string) => ({ partitionKey, rowKey });
  return {
    get: (destinationId) => rows.get(keyOf(destinationId)),
    list: () => rows.partition(partitionKey),
    async create(destination) {
      if (!(await rows.createOwn(keyOf(destination.destinationId), destination)))
        throw new Error('Another destination has this ID.');
    },
    async update(before, changes) {
      const after = { ...before, ...changes };
      const etag = await ifUnchanged(() => rows.replace(keyOf(before.destinationId), after, before.etag));
      return etag === undefined ? undefined : { ...after, etag };
    },
    remove: (destinationId) => rows.remove(keyOf(destinationId)),
  };
}
