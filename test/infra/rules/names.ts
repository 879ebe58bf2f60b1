/** The deployed queues, tables and containers are those of the code. */
import { containerNames } from '../../../shared/adapters/blobs/container-names.ts';
import { poisonQueueOf, workQueues } from '../../../shared/poison/queue-names.ts';
import { fixedTables } from '../../../shared/adapters/tables/table-names.ts';
import { namesOf } from '../snapshot.ts';
import { compareNames, type Rule } from './finding.ts';

const storage = 'Microsoft.Storage/storageAccounts';

/** What the code never names: the package of the app, and what the Functions host writes. */
const platformContainers = ['app-package', 'azure-webjobs-hosts', 'azure-webjobs-secrets'];

export const queues: Rule = (snapshot) =>
  compareNames(
    'queue',
    workQueues.flatMap((queue) => [queue, poisonQueueOf(queue)]),
    namesOf(snapshot, `${storage}/queueServices/queues`),
  );

export const containers: Rule = (snapshot) =>
  compareNames(
    'container',
    [...containerNames, ...platformContainers],
    namesOf(snapshot, `${storage}/blobServices/containers`),
  );

export const tables: Rule = (snapshot) =>
  compareNames('table', fixedTables, namesOf(snapshot, `${storage}/tableServices/tables`));
