/** Channels: who is notified of what. */
import { useQuery } from '@tanstack/preact-query';
import { answerOf, api, doneOf } from '../api/client.ts';
import type { NewChannel } from './kind-fields.ts';

export const channelsKey = ['channels'] as const;

const at = (channelId: string) => ({ params: { path: { channelId } } });

export function useChannels() {
  return useQuery({ queryKey: channelsKey, queryFn: () => answerOf(api.GET('/channels')) });
}

export function useChannel(channelId: string) {
  return useQuery({
    queryKey: [...channelsKey, channelId],
    queryFn: () => answerOf(api.GET('/channels/{channelId}', at(channelId))),
  });
}

/** Up to 1,000 of the last 30 days, newest first. */
export function useDeliveries(channelId: string) {
  return useQuery({
    queryKey: [...channelsKey, channelId, 'deliveries'],
    queryFn: () => answerOf(api.GET('/channels/{channelId}/deliveries', at(channelId))),
  });
}

export function createChannel(body: NewChannel) {
  return answerOf(api.POST('/channels', { body }));
}

export function pauseChannel(channelId: string, paused: boolean) {
  return answerOf(api.PATCH('/channels/{channelId}', { ...at(channelId), body: { paused } }));
}

/** @param tenantId that the message is about; empty: none, and desks make no ticket */
export function testChannel(channelId: string, tenantId: string) {
  const body = tenantId === '' ? {} : { tenantId };
  return answerOf(api.POST('/channels/{channelId}/test', { ...at(channelId), body }));
}

export function deleteChannel(channelId: string) {
  return doneOf(api.DELETE('/channels/{channelId}', at(channelId)));
}
