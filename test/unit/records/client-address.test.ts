/** Addresses in all the shapes that records deliver. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalAddress } from '../../../shared/records/client-address.ts';

describe('the canonical address', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['192.0.2.1:443', '192.0.2.1'],
    ['192.0.2.1 ', '192.0.2.1'],
    ['[192.0.2.1]', '192.0.2.1'],
    ['[192.0.2.1]:443', '192.0.2.1'],
    ['2001:db8::1', '2001:db8::1'],
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['[2001:db8::1]', '2001:db8::1'],
    ['[2001:db8::1]:443', '2001:db8::1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:db8::', '2001:db8::'],
    ['::1', '::1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::FFFF:c000:0201', '192.0.2.1'],
    ['[::ffff:192.0.2.1]:443', '192.0.2.1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['server.contoso.example:8080', 'server.contoso.example'],
    ['SERVER', 'server'],
    ['SERVER (192.0.2.1)', '192.0.2.1'],
    ['SERVER (2001:DB8::1)', '2001:db8::1'],
    ['SERVER (192.0.2.1:443)', '192.0.2.1'],
  ])('of %j is %s', (delivered, address) => {
    expect(canonicalAddress(delivered)).toBe(address);
  });

  it.each(['', '  ', '[]', '[]:443', ':443'])('of %j does not exist', (delivered) => {
    expect(canonicalAddress(delivered)).toBeUndefined();
  });

  it('is the same for every notation of one address', () => {
    const dresses = (ip: string) => [
      ip,
      ` ${ip} `,
      `[${ip}]`,
      `[${ip}]:65535`,
      `HOST (${ip})`,
      ip.toUpperCase(),
    ];
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (ip) => {
        const bare = canonicalAddress(ip);
        expect(dresses(ip).map(canonicalAddress)).toEqual(dresses(ip).map(() => bare));
      }),
    );
  });

  it('is its own canonical address', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), fc.domain()), (text) => {
        const once = canonicalAddress(text);
        expect(canonicalAddress(once ?? '')).toBe(once);
      }),
    );
  });

  it('never fails and is never empty', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(canonicalAddress(text)).not.toBe('');
      }),
      { numRuns: 1000 },
    );
  });
});
