/** Calls the operations on destinations. */
import * as z from 'zod';
import type { ApiCall } from './api-calls.ts';

const destinationSchema = z.object({
  id: z.guid(),
  status: z.string(),
  lastError: z.string().optional(),
  nextStep: z.string().optional(),
});

const progressSchema = z.object({
  tenantId: z.guid(),
  /** `current`: everything that arrived was sent. */
  status: z.string(),
  sent: z.number(),
});

export interface NewDestination {
  readonly displayName: string;
  readonly kind: string;
  readonly settings: object;
}

type Destination = z.infer<typeof destinationSchema>;
type DestinationProgress = z.infer<typeof progressSchema>;

export interface DestinationsApi {
  readonly createDestination: (destination: NewDestination) => Promise<Destination>;
  readonly getDestination: (destinationId: string) => Promise<Destination>;
  /** How far it has got with each tenant. */
  readonly listDestinationTenants: (destinationId: string) => Promise<readonly DestinationProgress[]>;
}

export function createDestinationsApi(call: ApiCall): DestinationsApi {
  return {
    createDestination: async (destination) =>
      destinationSchema.parse((await call('/api/destinations', destination)).body),
    getDestination: async (destinationId) =>
      destinationSchema.parse((await call(`/api/destinations/${destinationId}`)).body),
    listDestinationTenants: async (destinationId) => {
      const { body } = await call(`/api/destinations/${destinationId}/tenants`);
      return z.object({ value: z.array(progressSchema) }).parse(body).value;
    },
  };
}
