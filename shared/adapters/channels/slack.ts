/** Posts messages to an incoming webhook of Slack. */
import type { OpenChannel } from '../../channels/kind.ts';
import type { SlackSettings } from '../../channels/kinds/slack.ts';
import { slackMessage } from '../../channels/text/slack-blocks.ts';
import { failureOf } from './answer.ts';
import { createJsonClient, notAnAddress, secretAddress } from './post-json.ts';

export const openSlack: OpenChannel<SlackSettings> = (settings, context) => {
  const client = createJsonClient(context, settings.certificateAuthority);
  return {
    async send({ message, link }, signal) {
      const url = secretAddress(await context.secret(settings.url));
      if (url === undefined) return notAnAddress;
      const answer = await client.send({ method: 'POST', url, body: slackMessage(message, link) }, signal);
      const detail = answer.status === undefined ? undefined : codeIn(answer.text);
      return failureOf(answer, { nextSteps, detail }) ?? { outcome: 'sent' };
    },
    close: () => client.close(),
  };
};

/** Slack answers with a word, such as `no_service`. */
function codeIn(text: string): string | undefined {
  return /^[a-z_]{1,60}$/.exec(text.trim())?.[0];
}

const checkWebhook =
  'Check in Slack that the app is installed and its incoming webhook exists; then store its address in the vault again.';

const nextSteps = {
  401: checkWebhook,
  403: 'Allow the app to post in the channel: an administrator of the workspace may have restricted it.',
  404: checkWebhook,
  410: 'The channel of Slack is archived: create the incoming webhook for another one.',
};
