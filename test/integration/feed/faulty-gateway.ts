/** A gateway between flows and the app that refuses now and then, and loses answers that the app has given. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { closeServer, listenLocally } from '../../support/local-server.ts';
import { passOn } from '../../support/pass-on.ts';

/** In turn, one per number of requests; lost answers belong to requests that the app has handled. */
const faults = [
  { status: 429, isLost: false },
  { status: 503, isLost: true },
  { status: 408, isLost: true },
  { status: 500, isLost: false },
] as const;
const requestsPerFault = 6;
/** In answers that are the gateway's own; the app's description says nothing of them. */
export const gatewayHeader = 'x-gateway';

export interface FaultyGateway {
  readonly baseUrl: string;
  /** How often it answered what, in place of the app. */
  readonly answered: ReadonlyMap<number, number>;
  readonly stop: () => Promise<void>;
}

/** @param port of the app on this machine; while it is down, the gateway answers 502 */
export async function startFaultyGateway(port: number): Promise<FaultyGateway> {
  const answered = new Map<number, number>();
  let requests = 0;
  const refuse = (response: ServerResponse, status: number) => {
    answered.set(status, (answered.get(status) ?? 0) + 1);
    response.writeHead(status, { [gatewayHeader]: 'fault', 'retry-after': '0' }).end();
  };
  const nextFault = () => {
    const at = requests++;
    return at % requestsPerFault === 1
      ? faults[Math.floor(at / requestsPerFault) % faults.length]
      : undefined;
  };
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const fault = nextFault();
    if (fault?.isLost === false) {
      request.resume();
      refuse(response, fault.status);
      return;
    }
    const given = await passOn(`http://127.0.0.1:${port}`, request).catch(() => undefined);
    if (given === undefined || fault !== undefined) refuse(response, fault?.status ?? 502);
    else response.writeHead(given.status, given.headers).end(given.body);
  };
  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  return {
    baseUrl: `http://127.0.0.1:${await listenLocally(server)}`,
    answered,
    stop: () => closeServer(server),
  };
}
