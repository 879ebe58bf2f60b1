/** A proxy in front of an app whose callers are other programs: compares every answer with the description. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { closeServer, listenLocally } from './local-server.ts';
import { undeclared } from './described.ts';
import { passOn } from './pass-on.ts';

export interface DescribedProxy {
  readonly baseUrl: string;
  /** What the description does not declare, answer by answer; a test expects none. */
  readonly findings: readonly string[];
  /** How many answers were checked. */
  readonly answers: () => number;
  readonly stop: () => Promise<void>;
}

/** @param target address of the app on this machine, `http://127.0.0.1:7071` */
export async function startDescribedProxy(target: string): Promise<DescribedProxy> {
  const findings: string[] = [];
  let answers = 0;
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = 'GET', url = '/' } = request;
    const { status, headers, body } = await passOn(target, request);
    const plain = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, [value ?? ''].flat().join(', ')]),
    );
    const found = undeclared({ method, url: new URL(url, target), status, headers: plain, body });
    answers += 1;
    findings.push(...found.map((what) => `${method} ${url} ${status}: ${what}`));
    response.writeHead(status, headers).end(body);
  };
  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  return {
    baseUrl: `http://127.0.0.1:${await listenLocally(server)}`,
    ...{ findings, answers: () => answers },
    stop: () => closeServer(server),
  };
}
