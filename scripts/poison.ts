/** `npm run poison`: shows messages that failed too often, sends them again, or deletes one, from a terminal. */
import { poisonCommand } from './poison/command.ts';
import { runOperatorCommand } from './poison/operator-command.ts';

process.exitCode = await runOperatorCommand(poisonCommand, process.argv.slice(2), {
  ...{ env: process.env, settingsFile: 'local.settings.json', now: () => new Date() },
  write: (text) => process.stdout.write(text),
  writeError: (text) => process.stderr.write(text),
});
