/** Passes requests on to an app on this machine, for proxies in front of it. */
import { request as forward, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';

export interface PassedOn {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/**
 * The Host header of the request is kept: addresses in answers lead back to the proxy.
 * @param target address of the app, `http://127.0.0.1:7071`
 * @throws Error when there is no answer, or an incomplete one
 */
export async function passOn(target: string, request: IncomingMessage): Promise<PassedOn> {
  const { method, url = '/', headers } = request;
  const sent = await buffer(request);
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    forward(new URL(url, target), { method, headers, agent: false }, resolve).once('error', reject).end(sent);
  });
  return { status: answer.statusCode ?? 500, headers: answer.headers, body: await buffer(answer) };
}
