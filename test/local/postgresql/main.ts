/**
 * A PostgreSQL server of a local run, with an empty database: prints one line of JSON when it is ready. It ends, and its data
 * with it, on SIGTERM or when its parent disconnects.
 */
import { parseArgs } from 'node:util';
import * as z from 'zod';
import { startPostgresql } from '../../support/postgresql/server.ts';

const optionsSchema = z.object({ bin: z.string(), database: z.string(), role: z.string() });

const { values } = parseArgs({
  options: { bin: { type: 'string' }, database: { type: 'string' }, role: { type: 'string' } },
});
const { bin, database, role } = optionsSchema.parse(values);
/** Without characters that SQL would have to escape. */
const password = z
  .string()
  .regex(/^[\w-]+$/)
  .parse(process.env['POSTGRESQL_PASSWORD']);

const starting = startPostgresql(bin);

async function end(): Promise<void> {
  const started = await starting;
  await started.remove();
  process.exit(0);
}

// Before it has started: nothing would end the server otherwise.
process.once('SIGTERM', () => void end());
const server = await starting;
try {
  server.run(`create role ${role} login password '${password}'`);
  server.run(`create database ${database} template template0 encoding 'UTF8'`);
  server.run(`grant create on database ${database} to ${role}`);
} catch (error) {
  await server.remove();
  throw error;
}
const { port, caPem, folder } = server;
console.log(JSON.stringify({ port, caPem, folder }));
