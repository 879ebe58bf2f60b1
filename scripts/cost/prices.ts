/** Prices in addition to those that the app itself uses, in US dollars. */
import { prices as shared } from '../../shared/telemetry/prices.ts';

/**
 * West Europe/East US order of magnitude, as of {@link shared}'s date. Those under `fromMemory`, and what is free, were never
 * compared with a price list; docs/cost.md marks them.
 * @see https://azure.microsoft.com/pricing/calculator/
 */
export const prices = {
  ...shared,
  free: { gigabyteSeconds: 100_000, executions: 250_000, logGigabytes: 5, egressGigabytes: 100 },
  fromMemory: {
    perTenThousandOtherBlobOperations: 0.0044,
    perGigabyteOfLogs: 2.76,
    /** A rule that runs every 15 minutes. */
    perLogAlert: 0.5,
    perMetricAlert: 0.1,
    perTenThousandVaultOperations: 0.03,
    perGigabyteOfEgress: 0.087,
    perPrivateEndpoint: 7.3,
  },
} as const;
