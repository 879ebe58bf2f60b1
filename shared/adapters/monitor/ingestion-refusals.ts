/** What ingestion does not take: the exporter calls most of it sent, because it would keep it on disk and has none. */
import type { AzureMonitorExporterOptions } from '@azure/monitor-opentelemetry-exporter';
import * as z from 'zod';

/** What became of a batch: `passing`, none was taken now; `final`, none ever will be; or some of it was. */
export type Refusal = 'passing' | 'final' | PartialRefusal;

export interface PartialRefusal {
  /** What may be taken later, by place in the batch. */
  readonly later: readonly number[];
  /** How many never will be. */
  readonly lost: number;
}

/** Some or all of a batch was not taken. */
export class IngestionRefusedError extends Error {
  override readonly name = 'IngestionRefusedError';
  readonly refusal: Refusal;

  constructor(refusal: Refusal, options: { cause?: unknown } = {}) {
    super('Ingestion did not take what was sent.', options);
    this.refusal = refusal;
  }
}

/** For a client of ingestion: throws {@link IngestionRefusedError} for every answer that does not take all. */
export const refusalPolicies: NonNullable<AzureMonitorExporterOptions['additionalPolicies']> = [
  {
    position: 'perCall',
    policy: {
      name: 'ingestionRefusals',
      sendRequest: async (request, next) => {
        const response = await next(request).catch((cause: unknown) => {
          throw new IngestionRefusedError('passing', { cause });
        });
        const { status } = response;
        if (status >= 400) throw new IngestionRefusedError(mayPass(status) ? 'passing' : 'final');
        if (status === 206) throw new IngestionRefusedError(partOf(response.bodyAsText ?? ''));
        return response;
      },
    },
  },
];

/** 401 and 403 as well: a role takes minutes to arrive everywhere. Over the day's quota (402, 439) does not pass soon. */
function mayPass(status: number): boolean {
  return [401, 403, 408, 429].includes(status) || status >= 500;
}

/** As the exporter's own client of ingestion describes the answer: an error for each that was not taken. */
const partialAnswer = z.object({
  errors: z.array(z.object({ index: z.number().int().nonnegative(), statusCode: z.number() })).default([]),
});

function partOf(body: string): PartialRefusal {
  const { errors } = partialAnswer.parse(JSON.parse(body));
  const later = errors.filter(({ statusCode }) => mayPass(statusCode)).map(({ index }) => index);
  return { later, lost: errors.length - later.length };
}
