/** Operations on messages that failed too often. */
import { poisonParameters } from '../poison/public-poison.ts';
import { json, refusal } from './answers.ts';
import { reasonSchema } from './decisions.ts';
import { operation } from './operation.ts';
import { poisonMessageListSchema, poisonMessageSchema } from './schemas/poison.ts';

const area = 'Tenants';
const decide = { scope: 'tenants.manage', managed: true } as const;
const decideOnAny = { scope: 'tenants.manage', allTenants: true } as const;
const replayed = { 200: json('It was sent to its queue again.', poisonMessageSchema), 409: refusal(409) };
const givenUp = { 200: json('It is given up.', poisonMessageSchema), 409: refusal(409) };

export const listPoisonMessages = operation(
  'ListPoisonMessages',
  ['GET', 'tenants/{tenantId}/poisonMessages'],
  {
    area,
    audience: { scope: 'records.read' },
    summary: 'List poison messages',
    description:
      'Lists the work of a tenant that failed in every attempt, newest first, with the cause; never the content of records.',
    query: poisonParameters,
    answers: { 200: json('A page of poison messages.', poisonMessageListSchema) },
  },
);

export const replayPoisonMessage = operation(
  'ReplayPoisonMessage',
  ['POST', 'tenants/{tenantId}/poisonMessages/{poisonMessageId}/replay'],
  {
    area,
    audience: decide,
    summary: 'Replay a poison message',
    description: 'Sends the message to its queue again. Fix the cause first.',
    answers: replayed,
  },
);

export const giveUpPoisonMessage = operation(
  'GiveUpPoisonMessage',
  ['POST', 'tenants/{tenantId}/poisonMessages/{poisonMessageId}/giveUp'],
  {
    area,
    audience: decide,
    summary: 'Give a poison message up',
    description:
      'Deletes the message; its cause stays listed with who gave it up and why. The records of a landing that is given up are a gap.',
    body: reasonSchema,
    answers: givenUp,
  },
);

export const listPoisonMessagesOfTenants = operation(
  'ListPoisonMessagesOfTenants',
  ['GET', 'poisonMessages'],
  {
    area,
    audience: { scope: 'records.read', allTenants: true },
    summary: 'List poison messages of all tenants',
    description: 'Lists the work that failed in every attempt, of all tenants and of none, newest first.',
    query: poisonParameters,
    answers: { 200: json('A page of poison messages.', poisonMessageListSchema) },
  },
);

export const replayAnyPoisonMessage = operation(
  'ReplayAnyPoisonMessage',
  ['POST', 'poisonMessages/{poisonMessageId}/replay'],
  {
    area,
    audience: decideOnAny,
    summary: 'Replay a poison message of any tenant',
    description: 'Sends the message to its queue again, also if it names no tenant. Fix the cause first.',
    answers: replayed,
  },
);

export const giveUpAnyPoisonMessage = operation(
  'GiveUpAnyPoisonMessage',
  ['POST', 'poisonMessages/{poisonMessageId}/giveUp'],
  {
    area,
    audience: decideOnAny,
    summary: 'Give a poison message of any tenant up',
    description:
      'Deletes the message, also if it names no tenant; its cause stays listed with who gave it up and why.',
    body: reasonSchema,
    answers: givenUp,
  },
);
