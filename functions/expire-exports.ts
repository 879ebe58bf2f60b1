/** Every hour: deletes exports whose time is over, and wakes those that nobody works on. */
import type { TimerFunctionOptions } from '@azure/functions';
import { expireExports, type ExpireExportsDeps } from '../shared/exports/expire-exports.ts';

/** @throws when storage fails: the next run goes on */
export function expireExportsFunction(deps: ExpireExportsDeps): TimerFunctionOptions {
  return {
    schedule: '0 23 * * * *',
    handler: async () => {
      await expireExports(deps);
    },
  };
}
