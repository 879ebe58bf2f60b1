// The cheapest size: every limit at its minimum, and locally redundant storage; raw blobs are immutable for a month.
using '../main.bicep'

param clientId = readEnvironmentVariable('AUDITKEEP_CLIENT_ID')
param alertEmail = readEnvironmentVariable('AUDITKEEP_ALERT_EMAIL')
param rawImmutableDays = 30
