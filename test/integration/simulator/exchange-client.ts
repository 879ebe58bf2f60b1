/** Calls the simulated Exchange admin endpoint like a client. */

import axios from 'axios';
import * as z from 'zod';
import type { SimulatorOptions } from '../../simulator/simulator.ts';
import {
  fabrikam,
  json,
  startClient,
  tenantOf,
  type HttpResponse,
  type SimulatorClient,
} from './simulator-client.ts';
import type { SimulatedExchange } from '../../simulator/exchange/exchange-schema.ts';
import type { SimulatedTenant } from '../../simulator/tenant.ts';

export const exchangeScope = 'https://outlook.office365.com/.default';

const resultSchema = z.strictObject({
  '@odata.context': z.string(),
  'adminapi.warnings@odata.type': z.literal('#Collection(String)'),
  '@adminapi.warnings': z.array(z.string()),
  '@odata.nextLink': z.url().optional(),
  value: z.array(z.record(z.string(), z.unknown())),
});
const errorSchema = z.strictObject({
  error: z.strictObject({
    code: z.string(),
    message: z.literal('Invalid Operation'),
    details: z.tuple([z.object({ code: z.literal('Client'), message: z.string() })]),
    innererror: z.object({ internalexception: z.object({ message: z.string(), type: z.string() }) }),
  }),
});
const batchSchema = z.strictObject({
  responses: z.array(z.strictObject({ id: z.string(), status: z.int(), body: z.unknown() })),
});

export type Result = z.output<typeof resultSchema>;
export type Row = Result['value'][number];
export type Parameters = Readonly<Record<string, unknown>>;

interface SendOptions {
  readonly tenantId?: string;
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

export interface ExchangeClient extends SimulatorClient {
  /** POST of any body to the endpoint's `InvokeCommand`, `$batch`, or an absolute URL. */
  send(target: string, body: unknown, options?: SendOptions): Promise<HttpResponse>;
  invoke(cmdlet: string, parameters?: Parameters, options?: SendOptions): Promise<HttpResponse>;
  /** The rows of a command that must succeed. */
  rows(cmdlet: string, parameters?: Parameters): Promise<readonly Row[]>;
  batch(commands: readonly (readonly [string, Parameters])[]): Promise<HttpResponse>;
}

export const anchorOf = (tenantId: string): string =>
  `APP:SystemMailbox{bb558c35-97f1-4cb9-8ff7-d53741dc928c}@${tenantId}`;

/** A simulator whose tenant Fabrikam has this organization. */
export const startExchange = async (
  exchange: SimulatedExchange = {},
  {
    tenant = {},
    ...options
  }: Partial<SimulatorOptions> & { readonly tenant?: Partial<SimulatedTenant> } = {},
): Promise<ExchangeClient> => {
  const tenants = [tenantOf(fabrikam, { domain: 'fabrikam.example', exchange, ...tenant })];
  const client = await startClient({ tenants, ...options });
  const fabrikamsToken = await client.token(fabrikam, exchangeScope);

  const send: ExchangeClient['send'] = (target, body, sending = {}) => {
    const { tenantId = fabrikam, token = fabrikamsToken } = sending;
    return axios.post<string>(new URL(target, endpointOf(client, tenantId)).href, body, {
      headers: {
        'Content-Type': 'application/json; charset=utf-8',
        'X-AnchorMailbox': anchorOf(tenantId),
        ...(token === '' ? {} : { Authorization: `Bearer ${token}` }),
        ...sending.headers,
      },
      ...{ httpsAgent: client.agent, proxy: false, responseType: 'text' },
      transformResponse: (data: unknown) => data,
      validateStatus: () => true,
    });
  };

  const invoke: ExchangeClient['invoke'] = (cmdlet, parameters = {}, sending = {}) =>
    send('InvokeCommand', commandOf(cmdlet, parameters), sending);

  return {
    ...client,
    send,
    invoke,
    rows: async (cmdlet, parameters) => resultOf(await invoke(cmdlet, parameters)).value,
    batch: (commands) =>
      send('$batch', { requests: commands.map((command, index) => itemOf(client, command, index)) }),
  };
};

export const commandOf = (cmdlet: string, parameters: unknown): unknown => ({
  CmdletInput: { CmdletName: cmdlet, Parameters: parameters },
});

export const resultOf = (response: HttpResponse): Result => resultSchema.parse(json(response));

/** Status and the readable text, for example `400 The operation …`. */
export const problemOf = (response: HttpResponse): string =>
  `${response.status} ${errorSchema.parse(json(response)).error.innererror.internalexception.message}`;

/** The .NET type of the exception, which is also in the details. */
export const typeOf = (response: HttpResponse): string => {
  const { details, innererror } = errorSchema.parse(json(response)).error;
  const { type, message } = innererror.internalexception;
  if (details[0].message !== `|${type}|${message}`) throw new Error('The details tell another story.');
  return type;
};

export const partsOf = (response: HttpResponse) => batchSchema.parse(json(response)).responses;

/** The header of a refusal whose body consists of NUL bytes. */
export const diagnosticsOf = (response: HttpResponse): string => {
  if (response.status === 403 && !/^\0{100,}$/.test(response.data)) throw new Error('The body is not NUL.');
  return z.string().parse(response.headers['x-ms-diagnostics']);
};

const endpointOf = (client: SimulatorClient, tenantId: string): string =>
  `${client.simulator.baseUrl}/adminapi/beta/${tenantId}/`;

const itemOf = (
  client: SimulatorClient,
  [cmdlet, parameters]: readonly [string, Parameters],
  index: number,
) => ({
  id: String(index + 1),
  method: 'POST',
  url: `${endpointOf(client, fabrikam)}InvokeCommand`,
  headers: { 'X-AnchorMailbox': anchorOf(fabrikam), 'X-CmdletName': cmdlet },
  body: commandOf(cmdlet, parameters),
});
