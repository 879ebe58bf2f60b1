/** The app as its main file registers it, in this process: what routes there are, and their handlers. */
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { apiPrefix } from '../../shared/api/operation.ts';
import { loadFunctionApp, type HttpFunction } from '../local/host/function-app.ts';
import { buildApp } from './built-app.ts';

/** Settings with which the app starts; it connects to nothing before the first call. */
export const settings = {
  AzureWebJobsStorage: 'UseDevelopmentStorage=true',
  AUDITKEEP_CLIENT_ID: '5b7c1d90-3e42-4a68-9f01-c2d3e4f5a6b7',
  AUDITKEEP_CREDENTIAL: 'secret',
  AUDITKEEP_CLIENT_SECRET: 'never used',
  AUDITKEEP_PUBLISHER_ID: '0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d',
  AUDITKEEP_SIGNING_KEY: randomBytes(32).toString('base64'),
};

/** Those of the API, their routes as operations declare them; the pages of people are not among them. */
export function apiFunctions(functions: readonly HttpFunction[]): readonly HttpFunction[] {
  const prefix = `${apiPrefix}/`;
  return functions.flatMap((target) => {
    const { route = '' } = target.trigger;
    const trigger = { ...target.trigger, route: route.slice(prefix.length) };
    return route.startsWith(prefix) ? [{ ...target, trigger }] : [];
  });
}

/** Of the API. Once in a process: a function can be registered once. */
export async function registerFunctions(
  env: Readonly<Record<string, string>> = settings,
): Promise<readonly HttpFunction[]> {
  const folder = await buildApp();
  Object.assign(process.env, env);
  const { httpFunctions } = await loadFunctionApp(join(folder, 'main.mjs'), () => undefined);
  // The app reads files of the docs page when they are first requested.
  process.once('exit', () => {
    rmSync(folder, { recursive: true, force: true });
  });
  return apiFunctions(httpFunctions);
}
