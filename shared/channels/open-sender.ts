/** Opens the sender of a channel. */
import type { SenderContext } from '../destinations/kind.ts';
import type { Channel } from './channel.ts';
import type { BoundChannelKind, ChannelSender } from './kind.ts';

/** The state of a channel that has no sender. */
export const unusable = {
  outcome: 'misconfigured',
  cause: 'The settings of the channel are not valid in this release.',
  nextStep: 'Change the settings of the channel.',
} as const;

/** Undefined for settings that an earlier release stored, and this one does not take: they are checked when they are stored. */
export function openSender(
  kind: BoundChannelKind | undefined,
  { settings }: Pick<Channel, 'settings'>,
  context: SenderContext,
): ChannelSender | undefined {
  try {
    return kind?.configured(settings).open(context);
  } catch {
    return undefined;
  }
}
