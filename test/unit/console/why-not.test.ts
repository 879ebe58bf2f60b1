/** What the page says to people who were not signed in with Microsoft Entra ID. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { whyNotSignedIn } from '../../../console/session/why-not.ts';

const thrown = (errorCode: string, errorMessage = '') =>
  Object.assign(new Error('The library.'), { errorCode, errorMessage });

describe('a sign-in that did not succeed', () => {
  it.each([
    ['access_denied', 'AADSTS65004: The user declined.', 'canceled'],
    ['access_denied', '', 'canceled'],
    ['access_denied', 'AADSTS53003: A policy blocks it.', 'policy'],
    ['consent_required', '', 'consentMissing'],
    ['invalid_grant', 'AADSTS65001: No one has consented.', 'consentMissing'],
    ['unauthorized_client', 'AADSTS700016: It is not in the directory.', 'accountRefused'],
    ['invalid_request', 'AADSTS50020: The account is not in the tenant.', 'accountRefused'],
    ['invalid_grant', 'AADSTS50105: No role.', 'noRole'],
    ['invalid_grant', 'AADSTS54005: The code was redeemed.', 'tooLate'],
    ['server_error', 'AADSTS90033: Busy.', 'unreachable'],
    ['endpoints_resolution_error', '', 'unreachable'],
    ['no_network_connectivity', '', 'unreachable'],
    ['state_not_found', '', 'notFinished'],
  ])('with %s %s', (errorCode, errorMessage, why) => {
    expect(whyNotSignedIn(thrown(errorCode, errorMessage)).why).toBe(why);
  });

  it('because a script could not be loaded: nothing answered', () => {
    expect(whyNotSignedIn(new TypeError('Failed to fetch'))).toEqual({ why: 'unreachable' });
  });

  it('has the number of the service, and nothing else of what it says', () => {
    const message = 'AADSTS90094: ann@contoso.example needs consent. Trace ID: 1';
    expect(whyNotSignedIn(thrown('invalid_grant', message))).toEqual({
      ...{ why: 'consentMissing', code: 'AADSTS90094' },
    });
  });

  it('has a reason whatever was thrown', () => {
    fc.assert(
      fc.property(fc.anything(), (anything) => {
        expect(whyNotSignedIn(anything).why).toBe('notFinished');
      }),
    );
  });
});
