/** Queue `export-runs`: carries an export on. */
import type { StorageQueueFunctionOptions } from '@azure/functions';
import { exportMessageSchema, exportQueue } from '../shared/exports/export.ts';
import { runExport, type RunExportDeps } from '../shared/exports/run-export.ts';

/** @throws when storage fails or the message is malformed: it comes again, and then goes to the poison queue */
export function runExportFunction(deps: RunExportDeps): StorageQueueFunctionOptions {
  return {
    queueName: exportQueue,
    connection: 'AzureWebJobsStorage',
    handler: async (message) => {
      await runExport(deps, exportMessageSchema.parse(message));
    },
  };
}
