/** A connection of the driver for SQL Server, which is loaded with this module. */
import type { Socket } from 'node:net';
import { Connection as Client, Request, TYPES, type ConnectionConfiguration } from 'tedious';
import * as z from 'zod';
import type { OpenConnection } from '../relational/sender.ts';
import { answered } from './failure.ts';

/** A row, by the names of its columns; to be parsed by who sent the query. */
export type Row = Readonly<Record<string, unknown>>;

/** One connection; one query after the other. */
export interface Connection extends OpenConnection {
  /**
   * One batch. With parameters, which are texts, it is a procedure to the server: it cannot begin or end a transaction.
   * @param parameters by their names without the `@`
   * @throws Error of the server, the network, or the driver
   */
  query(text: string, parameters?: Readonly<Record<string, string>>): Promise<readonly Row[]>;
}

/** Before anything else, the user signs in. */
interface UnsignedConnection extends Connection {
  /** @throws Error of the server, the network, or the driver */
  signIn(): Promise<void>;
}

/**
 * The driver's error for a refused login has no number, which is in a message before; and it ignores when its options of the
 * connection are refused.
 */
async function signIn(client: Client): Promise<void> {
  const numbers: number[] = [];
  const note = ({ number }: { readonly number: number }) => numbers.push(number);
  client.on('errorMessage', note);
  await new Promise<void>((resolve, reject) => {
    client.connect((error) => {
      client.off('errorMessage', note);
      const [number] = numbers;
      if (error === undefined && number === undefined) resolve();
      else reject(answered(error ?? new Error('The options of the connection were refused.'), number));
    });
  });
}

/**
 * @param sockets that the client has opened: whatever it does with an error, they can be closed
 */
export function createClient(
  configuration: ConnectionConfiguration,
  sockets: readonly Socket[],
): UnsignedConnection {
  const client = new Client(configuration);
  let open = true;
  const lost = () => {
    open = false;
  };
  // An error without a listener would end the process; requests fail with it too.
  client.on('error', lost).on('end', lost);
  const destroy = () => {
    lost();
    for (const socket of sockets) socket.destroy();
  };
  return {
    signIn: () => signIn(client),
    query: (text, parameters) => runQuery(client, text, parameters),
    isOpen: () => open,
    destroy,
    close: () => {
      client.close();
      // The driver ends its side only; a server that is gone never ends the other.
      destroy();
      return Promise.resolve();
    },
  };
}

function runQuery(
  client: Client,
  text: string,
  parameters: Readonly<Record<string, string>> | undefined,
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  return new Promise((resolve, reject) => {
    const request = new Request(text, (error) => {
      if (error === undefined || error === null) resolve(rows);
      else reject(answered(error));
    });
    request.on('row', (columns: unknown) => rows.push(rowOf(columns)));
    for (const [name, value] of Object.entries(parameters ?? {}))
      request.addParameter(name, TYPES.NVarChar, value);
    start(client, request, parameters !== undefined);
  });
}

function start(client: Client, request: Request, isProcedure: boolean): void {
  if (isProcedure) client.execSql(request);
  else client.execSqlBatch(request);
}

const columnsSchema = z.array(z.object({ metadata: z.object({ colName: z.string() }), value: z.unknown() }));

function rowOf(columns: unknown): Row {
  return Object.fromEntries(
    columnsSchema.parse(columns).map(({ metadata, value }) => [metadata.colName, value]),
  );
}
