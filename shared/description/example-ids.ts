/** IDs that examples of several kinds show. */
export const tenantId = '3b9fd2f1-6a3e-4f5c-8a42-0c5d3a2f9e10';
export const recordId = '5b6c1de4-5c55-4f1b-9f3a-08de5a1c2b7d';
export const keyId = 'k2c4e6g8';
