/** IP addresses, against what the platform takes for one. */
import { BlockList, isIPv4 as isIPv4OfNode, isIPv6 as isIPv6OfNode } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isIPv4, isIPv6 } from '../../../shared/records/ip-address.ts';
import { createNetworkMatcher, parseNetwork } from '../../../shared/records/networks.ts';
import { isPublicAddress } from '../../../shared/webhooks/public-address.ts';

/** Addresses with a character more or less, or another one. */
const almostAddress = fc
  .tuple(
    fc.oneof(fc.ipV4(), fc.ipV4Extended(), fc.ipV6()),
    fc.nat(40),
    fc.nat(2),
    fc.string({ maxLength: 2 }),
  )
  .map(([address, at, cut, inserted]) => address.slice(0, at) + inserted + address.slice(at + cut));
const pieces = fc
  .array(
    fc.constantFrom(':', '::', '0', 'ffff', '1', '.', '255', '256', '01', '1.2.3.4', '%eth0', '\n', ']'),
    {
      maxLength: 12,
    },
  )
  .map((all) => all.join(''));

describe('an address', () => {
  it('is valid if the platform accepts it', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), almostAddress, pieces, fc.string()), (text) => {
        expect([text, isIPv4(text), isIPv6(text)]).toEqual([text, isIPv4OfNode(text), isIPv6OfNode(text)]);
      }),
      { numRuns: 20_000 },
    );
  });

  it('is in the same networks as on the platform', () => {
    const network = fc.oneof(
      fc.tuple(fc.ipV4(), fc.nat(32), fc.constant('ipv4' as const)),
      fc.tuple(fc.ipV6(), fc.nat(95), fc.constant('ipv6' as const)),
    );
    fc.assert(
      fc.property(network, fc.oneof(fc.ipV4(), fc.ipV6()), ([address, prefix, family], other) => {
        const list = new BlockList();
        list.addSubnet(address, prefix, family);
        const parsed = parseNetwork(`${address}/${prefix}`);
        const otherFamily = isIPv4(other) ? 'ipv4' : 'ipv6';
        const isInside = otherFamily === family && list.check(other, family);
        expect(parsed && createNetworkMatcher([parsed])(other)).toBe(isInside);
        expect(parsed && createNetworkMatcher([parsed])(address)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a public address', () => {
  it.each(['8.8.8.8', '168.63.129.17', '2606:4700:4700::1111', '2003::1'])('is %s', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it.each([
    ...['127.0.0.1', '10.1.2.3', '169.254.169.254', '168.63.129.16', '192.168.0.1', '255.255.255.255'],
    ...['::1', '::ffff:8.8.8.8', 'fe80::1', 'fc00::1', '2001:db8::1', '2002:7f00:1::', '64:ff9b::8.8.8.8'],
    ...['2606:4700:4700::1111%eth0', 'contoso.example', '', '8.8.8', '08.8.8.8'],
  ])('is not %s', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});
