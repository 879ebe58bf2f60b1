/** Timer: measures how far behind the collection is and, once a day, whether the credential ends soon. */
import type { TimerFunctionOptions } from '@azure/functions';
import { reportExpiry, type ExpiryDeps } from '../shared/watch/credential-expiry.ts';
import { measureCollection, type MeasureDeps } from '../shared/watch/measure-collection.ts';

/** In this hour of the day (UTC), by its first run, the credential is looked at. */
const expiryHour = 6;

/** Every quarter of an hour. */
export function watchCollectionFunction(deps: MeasureDeps & ExpiryDeps): TimerFunctionOptions {
  return {
    schedule: '0 */15 * * * *',
    handler: async () => {
      const now = deps.now();
      const isTime = now.getUTCHours() === expiryHour && now.getUTCMinutes() < 15;
      try {
        await measureCollection(deps);
      } finally {
        // Neither keeps the other one from being told: storage may be away, the certificate malformed.
        if (isTime) reportExpiry(deps);
      }
    },
  };
}
