/** Operations on onboardings: many tenants at once. */
import * as z from 'zod';
import { linkOptionsSchema, mostBodyBytes, onboardingBodySchema } from '../onboardings/onboarding-body.ts';
import { operationsParameters } from '../operations/page-of-operations.ts';
import { json, refusal } from './answers.ts';
import { followUps } from './follow-ups.ts';
import { acceptedHeaders } from './headers.ts';
import { operation } from './operation.ts';
import { consentLinksSchema, onboardingListSchema, onboardingSchema } from './schemas/onboardings.ts';

const area = 'Tenants';
const audience = { scope: 'tenants.manage', allTenants: true } as const;

export const startOnboarding = operation('StartOnboarding', ['POST', 'onboardings'], {
  area,
  audience,
  summary: 'Onboard tenants',
  description:
    'Starts registering up to 1,000 tenants, one after another. One that is refused does not stop the others. The same request again continues the one that is running.',
  body: onboardingBodySchema,
  bodyBytes: mostBodyBytes,
  answers: { 202: json('The onboarding was started, or is running.', onboardingSchema, acceptedHeaders) },
});

export const listOnboardings = operation('ListOnboardings', ['GET', 'onboardings'], {
  area,
  audience,
  summary: 'List onboardings',
  description: 'Lists onboardings without their rows, newest first, in pages.',
  query: z.strictObject(operationsParameters),
  answers: { 200: json('A page of onboardings.', onboardingListSchema) },
});

export const {
  get: getOnboarding,
  result: getOnboardingResult,
  cancel: cancelOnboarding,
} = followUps({
  area,
  noun: 'Onboarding',
  one: 'an onboarding',
  route: 'onboardings/{onboardingId}',
  audience,
  view: onboardingSchema,
  result: onboardingSchema,
  cancel: 'Stops an onboarding after the tenant in progress; tenants that were registered stay.',
});

export const createOnboardingLinks = operation(
  'CreateOnboardingLinks',
  ['POST', 'onboardings/{onboardingId}/consentLinks'],
  {
    area,
    audience,
    summary: 'Create the consent links of an onboarding',
    description:
      'Creates a consent link for each tenant of an onboarding that needs one, with a mail to send it. The same as a table for `Accept: text/csv`, and as mails for `Accept: text/plain`. Each call creates new links.',
    body: linkOptionsSchema,
    bodyOptional: true,
    answers: {
      200: {
        ...json('The links.', consentLinksSchema, ['Content-Disposition', 'Vary']),
        alternatives: ['text/csv', 'text/plain'],
      },
      409: refusal(409, 'The onboarding is still running.'),
    },
  },
);
