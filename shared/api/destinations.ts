/** Operations on destinations: where records are sent on to. */
import * as z from 'zod';
import { json, noContent, refusal } from './answers.ts';
import { searchFilters } from './filters-in-bodies.ts';
import { momentText, momentWire } from './moments-in-bodies.ts';
import { operation } from './operation.ts';
import { tenantsInBody } from './tenants-in-bodies.ts';
import {
  deadLetterListSchema,
  destinationKind,
  destinationListSchema,
  destinationSchema,
  destinationSettings,
  destinationTenantsSchema,
  destinationTestSchema,
} from './schemas/destinations.ts';

const area = 'Destinations';
const audience = { scope: 'tenants.manage', allTenants: true } as const;
const shown = { 200: json('The destination.', destinationSchema), 404: refusal(404) } as const;

const displayName = z.string().trim().min(1).max(100);
const tenants = tenantsInBody.optional();
const filters = searchFilters.optional();
const search = z.string().optional().meta({
  title: 'Saved Search',
  description: 'Name of a saved search of several tenants, in place of filters.',
});

export const listDestinations = operation('ListDestinations', ['GET', 'destinations'], {
  area,
  audience,
  summary: 'List destinations',
  description: 'Lists where records are sent on to, with the state of each.',
  answers: { 200: json('The destinations.', destinationListSchema) },
});

export const createDestination = operation('CreateDestination', ['POST', 'destinations'], {
  area,
  audience,
  summary: 'Create a destination',
  description:
    'Sends the records of a set of tenants on, from now on or from an earlier time, in the order in which they arrive at each tenant. The caller needs records.read for all tenants.',
  body: z.strictObject({
    displayName,
    kind: destinationKind,
    settings: destinationSettings,
    tenants,
    filters,
    search,
    startDateTime: momentText.optional().meta({
      description: 'Records that arrived since are sent as well. By default, those of the last hour.',
      wire: momentWire,
    }),
    endDateTime: momentText.optional().meta({
      description: 'Records that arrive at this moment or later are not sent. By default, there is no end.',
      wire: momentWire,
    }),
  }),
  answers: {
    201: json('The destination.', destinationSchema, ['Location']),
    404: refusal(404),
    409: refusal(409),
  },
});

export const getDestination = operation('GetDestination', ['GET', 'destinations/{destinationId}'], {
  area,
  audience,
  summary: 'Get a destination',
  description: 'Shows a destination with its state.',
  answers: shown,
});

export const changeDestination = operation('ChangeDestination', ['PATCH', 'destinations/{destinationId}'], {
  area,
  audience,
  summary: 'Change a destination',
  description:
    'Changes the members that are sent; settings are replaced as a whole. If attempts failed before, the next one is made at once. What arrives while a destination is paused is sent when it is resumed.',
  body: z.strictObject({
    displayName: displayName.optional(),
    settings: destinationSettings.optional(),
    tenants,
    filters,
    search,
    paused: z.boolean().optional().meta({ description: 'Whether sending is stopped for now.' }),
  }),
  answers: { ...shown, 409: refusal(409) },
});

export const deleteDestination = operation('DeleteDestination', ['DELETE', 'destinations/{destinationId}'], {
  area,
  audience,
  summary: 'Delete a destination',
  description: 'Ends sending; what was sent stays where it is. Succeeds if the destination does not exist.',
  answers: { 204: noContent('The destination does not exist anymore.') },
});

export const testDestination = operation('TestDestination', ['POST', 'destinations/{destinationId}/test'], {
  area,
  audience,
  summary: 'Test a destination',
  description: 'Tries each step of sending without a record, and says what to do about the one that fails.',
  answers: { 200: json('The outcome.', destinationTestSchema), 404: refusal(404) },
});

export const listDestinationTenants = operation(
  'ListDestinationTenants',
  ['GET', 'destinations/{destinationId}/tenants'],
  {
    area,
    audience,
    summary: 'List how far a destination has got',
    description: 'Shows for each tenant of a destination what was sent, and since when records wait.',
    answers: { 200: json('The tenants.', destinationTenantsSchema), 404: refusal(404) },
  },
);

export const listDeadLetters = operation(
  'ListDeadLetters',
  ['GET', 'destinations/{destinationId}/deadLetters'],
  {
    area,
    audience,
    summary: 'List records that a destination refuses',
    description:
      'Lists up to 1,000 records that a destination refuses although it accepts others, with the cause. The records are kept as they are.',
    answers: { 200: json('The dead letters.', deadLetterListSchema), 404: refusal(404) },
  },
);

export const discardDeadLetters = operation(
  'DiscardDeadLetters',
  ['DELETE', 'destinations/{destinationId}/deadLetters'],
  {
    area,
    audience,
    summary: 'Discard the list of refused records',
    description:
      'Empties the list of dead letters of a destination, which are then not sent again. The records stay where they are.',
    answers: { 204: noContent('The dead letters do not exist anymore.'), 404: refusal(404) },
  },
);

export const replayDeadLetters = operation(
  'ReplayDeadLetters',
  ['POST', 'destinations/{destinationId}/deadLetters/replay'],
  {
    area,
    audience,
    summary: 'Send refused records again',
    description:
      'Sends all dead letters of a destination again. Those that are refused again stay in the list.',
    answers: { 202: noContent('The records are sent again soon.'), 404: refusal(404) },
  },
);
