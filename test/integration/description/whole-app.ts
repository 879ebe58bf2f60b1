/** The whole app as its main file registers it, called in this process, over the storage emulator. */
import { HttpRequest, HttpResponse, InvocationContext, type HttpResponseInit } from '@azure/functions';
import { buffer } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { compileRoute } from '../../local/host/routes.ts';
import { servicesAt } from '../../local/simulator-settings.ts';
import type { SeenAnswer } from '../../support/described.ts';
import { registerFunctions, settings } from '../../support/registered.ts';
import { startIssuer } from '../access/issuer.ts';
import { startPipeline } from '../pipeline/pipeline.ts';

export interface Sent {
  readonly method: string;
  /** Below the route prefix, with its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
}

/** An answer, and what the app logged about a failure. */
export interface Given extends SeenAnswer {
  readonly logged: readonly string[];
}

export type WholeApp = Awaited<ReturnType<typeof startWholeApp>>;

/** No configured address answers, and nothing leaves this machine. */
export async function startWholeApp() {
  const [pipeline, issuer] = await Promise.all([startPipeline(), startIssuer()]);
  const functions = await registerFunctions({
    ...settings,
    AzureWebJobsStorage: pipeline.connectionString,
    ...servicesAt(issuer.url),
    AUDITKEEP_CALLS_PER_MINUTE: '1000000',
    AUDITKEEP_FAILED_CALLS_PER_MINUTE: '1000000',
  });
  const routes = functions.map((target) => ({ target, match: compileRoute(target.trigger.route ?? '') }));

  async function send({ method, path, headers, body }: Sent): Promise<Given> {
    const url = new URL(`https://auditkeep.example/api/${path}`);
    const pathname = url.pathname.slice('/api/'.length);
    for (const { target, match } of routes) {
      const params = match(pathname);
      if (params === undefined || !target.trigger.methods.includes(method)) continue;
      const given = body === undefined ? {} : { body: { string: body } };
      const request = new HttpRequest({ method, url: url.href, headers, params, ...given });
      const logged: string[] = [];
      const context = new InvocationContext({
        functionName: target.name,
        logHandler: (_level, ...words) => logged.push(words.map(wordsOf).join(' ')),
      });
      const answer = await toAnswer(await target.callback(request, context));
      return { method, url: url.href, ...answer, logged };
    }
    return { method, url: url.href, status: 404, headers: {}, body: '', logged: [] };
  }

  return {
    ...{ pipeline, send },
    stop: async (): Promise<void> => {
      await Promise.all([pipeline.stop(), issuer.stop()]);
    },
  };
}

function wordsOf(word: unknown): string {
  return word instanceof Error ? (word.stack ?? word.message) : String(word);
}

async function toAnswer(given: unknown): Promise<Pick<SeenAnswer, 'status' | 'headers' | 'body'>> {
  if (typeof given !== 'object' || given === null) throw new Error('A handler gave nothing.');
  const init: HttpResponseInit = given;
  const { body, ...rest } = init;
  const isStreamed =
    typeof body === 'object' &&
    body !== null &&
    Symbol.asyncIterator in body &&
    !(body instanceof Uint8Array);
  const plain = isStreamed ? await buffer(Readable.from(body)) : body;
  const response = new HttpResponse({ ...rest, ...(plain === undefined ? {} : { body: plain }) });
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: Buffer.from(await response.arrayBuffer()),
  };
}
