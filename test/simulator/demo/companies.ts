/** The three demo companies: their people, sites, and addresses, all fictional. */
import { createCompany, type Company } from './company.ts';

/** A manufacturer with about sixty accounts, in a time zone two hours ahead of UTC. */
export const fabrikam: Company = createCompany({
  tenantId: '6f1c2d7a-40b3-4e59-9d0e-5b7a8c31f204',
  displayName: 'Fabrikam Manufacturing',
  domain: 'fabrikam.example',
  utcOffsetHours: 2,
  officeAddress: '192.0.2.24',
  departments: {
    Management: ['Helena Brandt', 'Viktor Sandell', 'Amélie Roche'],
    IT: ['Marta Kowal', 'Jonas Lindqvist', 'Ravi Menon', 'Petra Holub', 'Dario Conti'],
    Finance: ['Gerda Pohl', 'Luis Ferrer', 'Anouk Visser', 'Karl Ebner', 'Sofia Marin', 'Milan Dvorak'],
    Sales: [
      ...['Tobias Renner', 'Ines Calder', 'Bruno Salvi', 'Noor Haddad', 'Emil Strand', 'Carla Monti'],
      ...['Felix Auer', 'Hanna Toivonen', 'Oscar Lund', 'Dana Popescu'],
    ],
    Engineering: [
      ...[
        'Zoë Núñez',
        'Henrik Dahl',
        'Yusuf Demir',
        'Paula Reis',
        'Stefan Kolar',
        'Greta Olin',
        'Tomas Vrba',
      ],
      ...['Lena Fischer', 'Arjun Nair', 'Bea Castell', 'Nils Bergman', 'Irina Volkova', 'Marco Testa'],
    ],
    Production: [
      ...[
        'Olaf Brenner',
        'Rosa Pinto',
        'Jan Novak',
        'Sven Ohlsson',
        'Mirela Ilic',
        'Pavel Hruby',
        'Adam Wilk',
      ],
      ...['Teresa Gallo', 'Kofi Mensah', 'Ursula Kern', 'Dirk Maas', 'Lucia Ferri'],
    ],
    Logistics: ['Piet Jansen', 'Katja Wolff', 'Samir Aziz', 'Vera Lukic', 'Ole Krogh', 'Nadia Benali'],
    People: ['Johanna Seidel', 'Marcus Thorn', 'Elif Kaya', 'Clara Bohm', 'Simon Falk'],
  },
  administrators: ['Marta Kowal', 'Jonas Lindqvist', 'Ravi Menon'],
  siteTitles: ['Sales', 'Finance', 'Engineering Projects', 'Production', 'People', 'Intranet'],
  documentsPerSite: 190,
  partnerDomains: ['contoso.example', 'litware.example', 'proseware.example', 'wingtip.example'],
  automationName: 'Fabrikam Backup Automation',
});

/** A law firm with fifteen people, five hours behind UTC. */
export const adatum: Company = createCompany({
  tenantId: 'c85a90e3-17d4-4b6f-8a2c-0e94d7f5613b',
  displayName: 'Adatum Legal',
  domain: 'adatum.example',
  utcOffsetHours: -5,
  officeAddress: '192.0.2.88',
  departments: {
    Partners: ['Claire Dupont', 'Walter Aldridge', 'Miriam Stein'],
    Associates: ['Priya Raman', 'Colin Burke', 'Hugo Laurent', 'Ada Nwosu', 'Ruth Keller', 'Ben Ashdown'],
    Office: ['Ingrid Falk', 'Samuel Okoro', 'Tess Morgan', 'Leo Grant', 'Fiona Shea', 'Marek Zielinski'],
  },
  administrators: ['Ingrid Falk', 'Samuel Okoro'],
  siteTitles: ['Matters', 'Precedents', 'Office'],
  documentsPerSite: 60,
  partnerDomains: ['northwind.example', 'treyresearch.example', 'court.example'],
});

/** A travel agency with eight people, nine hours ahead of UTC, managed by a partner. */
export const tailspin: Company = createCompany({
  tenantId: '2b7e4f90-a6c1-4d38-b5f7-93d02e8c7a16',
  displayName: 'Tailspin Travel',
  domain: 'tailspin.example',
  utcOffsetHours: 9,
  officeAddress: '192.0.2.140',
  departments: {
    Agency: ['Nina Castellan', 'Owen Park', 'Mei Tanaka', 'Rafael Lopes', 'Kenji Mori', 'Sara Quinn'],
    Tours: ['Aiko Hayashi', 'Peter Vance'],
  },
  administrators: ['Nina Castellan'],
  siteTitles: ['Bookings', 'Tours'],
  documentsPerSite: 40,
  partnerDomains: ['alpineski.example', 'margiestravel.example'],
});
