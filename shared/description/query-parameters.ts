/** Which query parameters an operation has, so that one that it does not have is refused and not ignored. */
import { invalidParameter } from '../errors.ts';
import { parametersOf } from './complete.ts';
import { ownOperations } from './operations/all.ts';

const byOperation: ReadonlyMap<string, readonly string[]> = new Map(
  ownOperations.map((operation) => {
    const { method, route } = operation;
    return [`${method} ${route}`, parametersOf(operation).filter((name) => !route.includes(`{${name}}`))];
  }),
);

/** Which version is spoken and who calls, not what is asked for: no handler reads them. */
const aside = ['api-version', 't'];

/**
 * For operations without parameters of their own: those that have some read them strictly themselves.
 * @throws RequestError 400 naming the first parameter that is none
 */
export function refuseParameters(method: string, route: string, given: Iterable<string>): void {
  const known = byOperation.get(`${method} ${route}`);
  if (known === undefined || known.some((name) => !aside.includes(name))) return;
  for (const name of given) {
    if (!known.includes(name)) throw invalidParameter(name, `${name}: this address takes no such parameter.`);
  }
}
