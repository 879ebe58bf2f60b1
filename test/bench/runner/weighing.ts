/** How much Table Storage would charge for the stored rows. */
import { TableClient, TableServiceClient } from '@azure/data-tables';
import type { Config } from '../../../shared/config.ts';
import { entitySize } from '../azure-size.ts';
import type { InputOf, ResultOf, weighTables } from '../tasks.ts';
import { connectionStringOf } from './product.ts';

const options = { allowInsecureConnection: true };

export async function weigh(
  config: Config,
  { prefix }: InputOf<typeof weighTables>,
): Promise<ResultOf<typeof weighTables>> {
  const connectionString = connectionStringOf(config);
  let entities = 0;
  let bytes = 0;
  for await (const { name } of TableServiceClient.fromConnectionString(
    connectionString,
    options,
  ).listTables()) {
    if (name?.startsWith(prefix) !== true) continue;
    for await (const entity of TableClient.fromConnectionString(
      connectionString,
      name,
      options,
    ).listEntities()) {
      entities++;
      bytes += entitySize(entity);
    }
  }
  return { entities, bytes };
}
