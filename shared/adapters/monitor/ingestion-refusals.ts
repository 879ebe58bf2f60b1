/** Refusals by ingestion, most of which the exporter reports as sent: it expects to store them on disk, and has none. */
import type { AzureMonitorExporterOptions } from '@azure/monitor-opentelemetry-exporter';
import * as z from 'zod';

/** Of a batch, `transient`: none was accepted now; `final`: none ever will be; or a part of it was refused. */
export type Refusal = 'transient' | 'final' | PartialRefusal;

export interface PartialRefusal {
  /** Indexes in the batch of what may be accepted later. */
  readonly later: readonly number[];
  /** The number that never will be. */
  readonly lost: number;
}

/** Some or all of a batch was not accepted. */
export class IngestionRefusedError extends Error {
  override readonly name = 'IngestionRefusedError';
  readonly refusal: Refusal;

  constructor(refusal: Refusal, options: { cause?: unknown } = {}) {
    super('Application Insights did not accept the telemetry.', options);
    this.refusal = refusal;
  }
}

/** For a client of ingestion: throws {@link IngestionRefusedError} for every response that does not accept everything. */
export const refusalPolicies: NonNullable<AzureMonitorExporterOptions['additionalPolicies']> = [
  {
    position: 'perCall',
    policy: {
      name: 'ingestionRefusals',
      sendRequest: async (request, next) => {
        const response = await next(request).catch((cause: unknown) => {
          throw new IngestionRefusedError('transient', { cause });
        });
        const { status } = response;
        if (status >= 400) throw new IngestionRefusedError(isTransient(status) ? 'transient' : 'final');
        if (status === 206) throw new IngestionRefusedError(partOf(response.bodyAsText ?? ''));
        return response;
      },
    },
  },
];

/** Also 401 and 403, as a role takes minutes to propagate. Exceeding the daily quota (402, 439) is not transient. */
function isTransient(status: number): boolean {
  return [401, 403, 408, 429].includes(status) || status >= 500;
}

/** As the exporter's own client of ingestion describes the response: an error for each that was not accepted. */
const partialAnswer = z.object({
  errors: z.array(z.object({ index: z.number().int().nonnegative(), statusCode: z.number() })).default([]),
});

function partOf(body: string): PartialRefusal {
  const { errors } = partialAnswer.parse(JSON.parse(body));
  const later = errors.filter(({ statusCode }) => isTransient(statusCode)).map(({ index }) => index);
  return { later, lost: errors.length - later.length };
}
