/** `npm run reindex`: asks for raw blobs of a tenant to be indexed again, from a terminal. */
import { runOperatorCommand } from './poison/operator-command.ts';
import { reindexCommand } from './reindex/command.ts';

process.exitCode = await runOperatorCommand(reindexCommand, process.argv.slice(2), {
  ...{ env: process.env, settingsFile: 'local.settings.json', now: () => new Date() },
  write: (text) => process.stdout.write(text),
  writeError: (text) => process.stderr.write(text),
});
