/** A process that sends one batch to a PostgreSQL server, to be killed while it does. What it needs comes by its standard input. */
import { text } from 'node:stream/consumers';
import * as z from 'zod';
import { openPostgresql } from '../../../shared/adapters/destinations/postgresql.ts';
import { postgresql } from '../../../shared/destinations/kinds/postgresql.ts';
import { outgoingText } from '../../support/destinations/outgoing-records.ts';
import { send } from '../../support/postgresql/database.ts';

const input = z.object({ settings: z.unknown(), password: z.string(), texts: z.array(z.string()) });
const { settings, password, texts } = input.parse(JSON.parse(await text(process.stdin)));

const sender = openPostgresql(postgresql.settings.parse(settings), {
  secret: () => Promise.resolve(password),
  token: () => Promise.reject(new Error('No token is needed.')),
  isAllowed: () => true,
  now: () => new Date('2026-03-10T12:00:00Z'),
});
await send(
  sender,
  texts.map((one) => outgoingText(one)),
);
