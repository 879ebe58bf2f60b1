/** `npm run register-app`: creates or completes the app registration, by Microsoft Graph, in the publisher's tenant. */
import { setTimeout as delay } from 'node:timers/promises';
import { createCredential } from './register-app/credential.ts';
import { runCommand } from './register-app/run-command.ts';

process.exitCode = await runCommand(process.argv.slice(2), {
  ...{ env: process.env, createCredential, httpsAgent: undefined },
  pause: (ms) => delay(ms),
  write: (text) => process.stdout.write(text),
  writeError: (text) => process.stderr.write(text),
});
