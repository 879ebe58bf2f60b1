/** Reports how far collection is behind and, once a day, whether the credential expires soon. */
import { reportExpiry, type ExpiryDeps } from './credential-expiry.ts';
import { measureCollection, type MeasureDeps } from './measure-collection.ts';

export type WatchCollectionDeps = MeasureDeps & ExpiryDeps;

/** The first run in this hour (UTC) checks the credential. */
const expiryHour = 6;

/** Runs every quarter of an hour. @throws when storage fails */
export async function watchCollection(deps: WatchCollectionDeps): Promise<void> {
  const now = deps.now();
  const isTime = now.getUTCHours() === expiryHour && now.getUTCMinutes() < 15;
  try {
    await measureCollection(deps);
  } finally {
    // The two are independent: storage may be down, or the certificate malformed.
    if (isTime) reportExpiry(deps);
  }
}
