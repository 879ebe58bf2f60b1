/** Turns the effect of a fault into a response. */

import { activityError, activityReply, internalError, refuse, unauthorized } from './activity/errors.ts';
import { throttledReply } from './activity/routes.ts';
import {
  isActivityCall,
  isExchangeCall,
  isGraphCall,
  isPartnerCenterCall,
  isVaultCall,
  type Call,
} from './calls.ts';
import { entraErrorReply } from './entra-errors.ts';
import { exchangeError, exchangeThrottled, exchangeUnauthorized } from './exchange/replies.ts';
import type { FaultEffect } from './faults.ts';
import { graphError, graphThrottled, graphUnauthorized } from './graph-replies.ts';
import type { Delivery, Reply } from './http.ts';
import { partnerCenterError } from './partner/partner-center.ts';
import { vaultError, vaultThrottled } from './vault.ts';

/** The outcome of a call, with or without a fault. */
export type FaultOutcome =
  | { readonly kind: 'break'; readonly holdMs: number }
  | { readonly kind: 'replace'; readonly reply: Reply }
  | { readonly kind: 'deliver'; readonly delivery: Delivery };

const busySignIn = 90055;
const busyGraphSeconds = 10;
const page =
  '<!DOCTYPE html>\r\n<html><head><title>Please wait</title></head><body><h1>Please wait</h1></body></html>';

export const outcomeOf = (effect: FaultEffect | undefined, call: Call): FaultOutcome => {
  if (effect === undefined) return { kind: 'deliver', delivery: { kind: 'whole' } };
  if (effect.kind === 'connection-reset') return { kind: 'break', holdMs: 0 };
  if (effect.kind === 'no-answer') return { kind: 'break', holdMs: effect.holdMs };
  if (effect.kind === 'slow-body') {
    return { kind: 'deliver', delivery: { kind: 'slow', durationMs: effect.durationMs } };
  }
  if (effect.kind === 'truncated-body') {
    return { kind: 'deliver', delivery: { kind: 'truncated', cleanEnd: effect.cleanEnd } };
  }
  return { kind: 'replace', reply: replyOf(effect, call) };
};

type ReplyingEffect = Exclude<
  FaultEffect,
  { readonly kind: 'connection-reset' | 'no-answer' | 'slow-body' | 'truncated-body' }
>;

const replyOf = (effect: ReplyingEffect, call: Call): Reply => {
  switch (effect.kind) {
    case 'throttled':
      return throttledFor(call);
    case 'too-many-requests':
      return tooManyRequests(call, effect.retryAfterSeconds);
    case 'error':
      return errorFor(call, effect);
    case 'internal-error':
      return isActivityCall(call)
        ? internalError()
        : errorFor(call, { status: 500, code: 'InternalServerError' });
    case 'html':
      return htmlReply(effect.status);
    case 'content-gone':
      return refuse(effect.code, call.contentId ?? '');
    case 'token-expired':
      return expiredFor(call);
    case 'sign-in-error':
      return entraErrorReply(effect.aadsts);
  }
};

const expiredFor = (call: Call): Reply => {
  if (isExchangeCall(call)) return exchangeUnauthorized('The token has expired.');
  return isGraphCall(call) ? graphUnauthorized() : unauthorized();
};

const throttledFor = (call: Call): Reply => {
  if (isExchangeCall(call)) return exchangeThrottled();
  if (isActivityCall(call)) return throttledReply(call);
  if (isPartnerCenterCall(call)) return partnerCenterError(429, 900429, 'Too many requests.');
  if (isVaultCall(call)) return vaultThrottled();
  return isGraphCall(call) ? graphThrottled(busyGraphSeconds) : entraErrorReply(busySignIn);
};

const tooManyRequests = (call: Call, retryAfterSeconds: number): Reply => {
  if (isGraphCall(call)) return graphThrottled(retryAfterSeconds);
  const headers = { 'Retry-After': String(retryAfterSeconds) };
  if (isExchangeCall(call)) return exchangeThrottled(headers);
  if (isPartnerCenterCall(call)) return partnerCenterError(429, 900429, 'Too many requests.', headers);
  if (isVaultCall(call)) return vaultThrottled(headers);
  const reply = isActivityCall(call)
    ? activityReply(429, { error: { code: 'AF429', message: 'Too many requests.' } })
    : entraErrorReply(busySignIn);
  return { ...reply, headers: { ...reply.headers, ...headers } };
};

const errorFor = (
  call: Call,
  error: { readonly status: number; readonly code: string; readonly message?: string | undefined },
): Reply => {
  const { status, code, message = 'The simulator was configured to fail.' } = error;
  if (isExchangeCall(call)) return exchangeError(status, code, message);
  if (isPartnerCenterCall(call)) return partnerCenterError(status, 900500, message);
  if (isVaultCall(call)) return vaultError(status, code, message);
  return (isActivityCall(call) ? activityError : graphError)(status, code, message);
};

const htmlReply = (status: number): Reply => ({
  status,
  headers: { 'Content-Type': 'text/html; charset=utf-8' },
  body: Buffer.from(page),
});
