// Copy it, and set the name of the account.
using 'parquet.bicep'

param accountName = 'stauditlake'
param principalId = readEnvironmentVariable('AUDITKEEP_PRINCIPAL_ID')
param deleteAfterDays = 730
