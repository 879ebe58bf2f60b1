import { several } from '../../../../support/detection/fired.ts';
import { named, onDay, signIn, type Examples } from './example.ts';

const wrong = (more = {}) => signIn('UserLoginFailed', { ErrorNumber: '50126', ...more });
const users = (count: number) => several(count, wrong(), (at) => ({ UserId: `user${at}@contoso.example` }));
const later = (minute: number, more = {}) =>
  signIn('UserLoggedIn', {
    Id: 'later',
    CreationTime: `2026-03-02T09:${String(minute).padStart(2, '0')}:30`,
    ...more,
  });
const agent = (UserAgent: string) => ({ ExtendedProperties: named({ UserAgent }) });
const code = (managed: string) =>
  signIn('UserLoggedIn', {
    ExtendedProperties: named({ RequestType: 'Cmsi:Cmsi' }),
    DeviceProperties: named({ IsCompliantAndManaged: managed }),
  });
const from = (ClientIP: string) => signIn('UserLoggedIn', { ClientIP });

export const signInExamples: Examples = {
  legacySignIn: {
    fires: [signIn('UserLoggedIn', agent('BAV2ROPC'))],
    raises: [
      [
        'low',
        [
          {
            Operation: 'MailItemsAccessed',
            UserId: 'ada',
            ClientInfoString: 'Client=POP3/IMAP4;Protocol=IMAP4',
          },
        ],
      ],
    ],
    doesNot: [
      [signIn('UserLoggedIn', agent('Mozilla/5.0'))],
      [signIn('UserLoginFailed', agent('BAV2ROPC'))],
      [{ Operation: 'MailItemsAccessed', UserId: 'ada', ClientInfoString: 'Client=OWA;' }],
    ],
  },
  deviceCodeSignIn: {
    fires: [code('False')],
    doesNot: [
      [code('True')],
      [signIn('UserLoggedIn', { ExtendedProperties: named({ RequestType: 'OAuth2:Token' }) })],
    ],
  },
  signInFromNewNetwork: {
    fires: [onDay(0, from('192.0.2.1')), onDay(31, from('198.51.100.1'))],
    doesNot: [
      [onDay(0, from('192.0.2.1')), onDay(20, from('192.0.2.200')), onDay(45, from('192.0.2.3'))],
      [onDay(0, from('192.0.2.1')), onDay(20, from('198.51.100.1'))],
      [onDay(100, from('198.51.100.1'))],
    ],
  },
  passwordSpray: {
    fires: users(10),
    doesNot: [
      users(10).map((record) => ({ ...record, ClientIP: '' })),
      users(9),
      several(30, wrong()),
      several(10, wrong(), (at) => ({ UserId: `u${at}`, ErrorNumber: '50058' })),
    ],
  },
  signInAfterSpray: {
    fires: [...users(10), later(1, { UserId: 'user3@contoso.example' })],
    doesNot: [
      [...users(10), later(1)].map((record) => ({ ...record, ClientIP: '' })),
      users(12),
      [...users(10), later(1, { ClientIP: '198.51.100.1' })],
      [...users(10), later(11)],
      [...users(5), later(1)],
    ],
  },
  passwordGuessing: {
    fires: several(20, wrong()),
    doesNot: [several(19, wrong()), users(30)],
  },
  signInAfterGuessing: {
    fires: [...several(20, wrong()), later(1, { ClientIP: '198.51.100.1' })],
    doesNot: [
      several(25, wrong()),
      [...several(20, wrong()), later(1, { UserId: 'bo@contoso.example' })],
      [...several(3, wrong()), later(1)],
    ],
  },
  mfaFatigue: {
    fires: several(5, signIn('UserLoginFailed', { ErrorNumber: '500121' })),
    doesNot: [
      several(4, signIn('UserLoginFailed', { ErrorNumber: '500121' })),
      several(5, signIn('UserLoginFailed', { ErrorNumber: '50140' })),
    ],
  },
};
