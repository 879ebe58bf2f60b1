// The cheapest there is: every ceiling at its lowest, one copy of the data in one place.
using '../main.bicep'

param clientId = readEnvironmentVariable('AUDITKEEP_CLIENT_ID')
param alertEmail = readEnvironmentVariable('AUDITKEEP_ALERT_EMAIL')
