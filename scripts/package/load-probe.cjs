// Runs in a fresh process: loads a bundle as the Functions worker would, and prints how long that took and what it
// registered. Only Node's own modules can be required, as in the empty folder it is deployed to.
'use strict';
const Module = require('node:module');
const { performance } = require('node:perf_hooks');
const { pathToFileURL } = require('node:url');

const [, , bundle] = process.argv;
const functions = [];
const disposable = () => ({ dispose: () => undefined });

const core = {
  version: '4.0.0',
  hostVersion: '4.1000.0',
  setProgrammingModel: () => undefined,
  getProgrammingModel: () => undefined,
  registerHook: disposable,
  registerFunction: ({ name, bindings }) => {
    const trigger = Object.values(bindings).find(({ type }) => type.endsWith('Trigger'));
    functions.push({ name, trigger: trigger?.type ?? 'none' });
    return disposable();
  },
  log: () => undefined,
};

const load = Module._load;
Module._load = (request, parent, isMain) => {
  if (request === '@azure/functions-core') return core;
  if (Module.isBuiltin(request)) return load(request, parent, isMain);
  throw Object.assign(new Error(`Cannot find module '${request}'`), { code: 'MODULE_NOT_FOUND' });
};

const [started, usedBefore] = [performance.now(), process.cpuUsage()];
// A failure ends the process with its message.
void import(pathToFileURL(bundle).href).then(() => {
  const milliseconds = performance.now() - started;
  const { user, system } = process.cpuUsage(usedBefore);
  const cpuMilliseconds = (user + system) / 1000;
  process.stdout.write(JSON.stringify({ milliseconds, cpuMilliseconds, functions }), () => process.exit(0));
});
