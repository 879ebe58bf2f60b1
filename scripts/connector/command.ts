/** `auditkeep connector`: writes the Power Automate connector. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connectorFiles } from '../../shared/description/connector-files.ts';
import { projectFolder, type Define } from '../command-line/context.ts';

const folder = 'connector';

export const define: Define = (command, context) => {
  command
    .description(
      "Writes the Power Automate connector to the folder connector, generated from the API's operations. It needs no " +
        'deployment; docs/power-automate.md explains how to import it. Run it after a description has changed.',
    )
    .action(async () => {
      const path = join(projectFolder, folder);
      await mkdir(path, { recursive: true });
      const files = connectorFiles();
      for (const [name, content] of files) await writeFile(join(path, name), content);
      const answer = { folder, files: [...files.keys()] };
      context.report({ exitCode: 0, answer, text: `${folder}/: ${answer.files.join(', ')}` });
    });
};
