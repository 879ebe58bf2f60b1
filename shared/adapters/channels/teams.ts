/** Posts cards to a workflow of Teams. */
import type { OpenChannel } from '../../channels/kind.ts';
import type { TeamsSettings } from '../../channels/kinds/teams.ts';
import { cardMessage } from '../../channels/text/adaptive-card.ts';
import { failureOf } from './answer.ts';
import { createJsonClient, notAnAddress, secretAddress } from './post-json.ts';

export const openTeams: OpenChannel<TeamsSettings> = (settings, context) => {
  const client = createJsonClient(context, settings.certificateAuthority);
  return {
    async send({ message, link }, signal) {
      // With its query exactly as it is: the signature is in it.
      const url = secretAddress(await context.secret(settings.url));
      if (url === undefined) return notAnAddress;
      const answer = await client.send({ method: 'POST', url, body: cardMessage(message, link) }, signal);
      return failureOf(answer, { nextSteps }) ?? { outcome: 'sent' };
    },
    close: () => client.close(),
  };
};

const checkWorkflow =
  'Check in Teams that the workflow exists, is on, and has an owner; then store its address in the vault again.';

const nextSteps = { 401: checkWorkflow, 403: checkWorkflow, 404: checkWorkflow, 410: checkWorkflow };
