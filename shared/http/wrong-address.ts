/** Answers what no operation is registered for: unknown paths, and methods that a known path does not have. */
import type { CallLimits } from '../access/call-limits.ts';
import { apiPrefix, methodsOf, type Operation } from '../api/operation.ts';
import { RequestError } from '../errors.ts';
import type { Telemetry } from '../telemetry.ts';
import { completeAnswer } from './complete-answer.ts';
import { matchesRoute, nearestRoute } from './nearest-route.ts';
import { clientAddressOf, type ApiRequest, type ApiResponse, type HttpHandler } from './request.ts';

/**
 * How its function is registered. The host tries functions in the order of their names and takes the first that matches,
 * however general its route is, so this name must come after all others.
 */
export const wrongAddress = {
  name: 'wrong-address',
  /** Only below the prefix: the host itself refuses what is elsewhere. */
  route: `${apiPrefix}/{*path}`,
  /** All that @azure/functions can pass on; others are answered by the host. */
  methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
} as const;

interface WrongAddressDeps {
  readonly access: Pick<CallLimits, 'countStray'>;
  readonly telemetry: Telemetry;
}

type Known = Pick<Operation, 'method' | 'route'>;

/**
 * Refuses every caller with 404 or 405: the answer follows from the routes alone, so it reveals nothing that is stored.
 * OPTIONS of a known path is answered with its methods.
 */
export function answerWrongAddress(deps: WrongAddressDeps, operations: readonly Known[]): HttpHandler {
  return (request, invocation) =>
    // Not an async function: what it throws must become a rejection.
    completeAnswer(deps, { request, invocation }, async () => {
      deps.access.countStray(clientAddressOf(request));
      return await Promise.resolve(answer(request, operations));
    });
}

function answer(request: ApiRequest, operations: readonly Known[]): ApiResponse {
  const path = pathOf(request);
  const known = operations.filter(({ route }) => matchesRoute(route, path));
  if (known.length === 0) throw pathNotFound(operations, path);
  const allowed = new Set<string>([...known.flatMap(methodsOf), 'OPTIONS']);
  const headers = { Allow: wrongAddress.methods.filter((method) => allowed.has(method)).join(', ') };
  if (request.method === 'OPTIONS') return { status: 204, headers };
  const message = `This path does not support ${request.method}. It supports ${headers.Allow}.`;
  throw new RequestError(405, 'MethodNotAllowed', message, { headers });
}

/** Below {@link apiPrefix}. The host's own parameter cannot be relied on: it is missing for the prefix alone. */
function pathOf({ url }: ApiRequest): readonly string[] {
  return new URL(url).pathname
    .split('/')
    .filter((segment) => segment !== '')
    .slice(1);
}

function pathNotFound(operations: readonly Known[], path: readonly string[]): RequestError {
  const meant = nearestRoute(
    operations.map(({ route }) => route),
    path,
  );
  const suggestion = meant === undefined ? '' : ` Did you mean /${meant}?`;
  const message = `No operation has this path.${suggestion} GET /docs shows all operations.`;
  return new RequestError(404, 'PathNotFound', message);
}
