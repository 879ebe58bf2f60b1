/**
 * Columns of the tables in a Log Analytics workspace that queries here read, as Azure Monitor documents them.
 * @see https://learn.microsoft.com/azure/azure-monitor/reference/tables-index
 */
import type { TableSchemas } from './kusto.ts';
import { destinationColumns } from './destination-columns.ts';
import { officeActivity } from './office-activity.ts';

const ofEveryTable = {
  TimeGenerated: 'datetime',
  ...columns('string', 'SourceSystem TenantId Type _IsBillable _ResourceId _SubscriptionId'),
  _BilledSize: 'real',
};

/** Of every table that Application Insights writes. */
const ofTelemetry = {
  ...ofEveryTable,
  ...columns(
    'string',
    'AppRoleInstance AppRoleName AppVersion ClientBrowser ClientCity ClientCountryOrRegion',
  ),
  ...columns(
    'string',
    'ClientIP ClientModel ClientOS ClientStateOrProvince ClientType IKey OperationId OperationName',
  ),
  ...columns('string', 'ParentId ResourceGUID SDKVersion SessionId SyntheticSource UserAccountId'),
  ...columns('string', 'UserAuthenticatedId UserId'),
  ...{ ItemCount: 'int', Properties: 'dynamic' },
};

/** Of the resource logs of every storage service. */
const ofStorageLogs = {
  ...ofEveryTable,
  ...columns(
    'string',
    'AccountName AuthenticationHash AuthenticationType CallerIpAddress Category ClientRequestId',
  ),
  ...columns(
    'string',
    'ConditionsUsed CorrelationId Etag Location ObjectKey OperationName OperationVersion Protocol',
  ),
  ...columns('string', 'ReferrerHeader RequestMd5 RequesterAppId RequesterAudience RequesterObjectId'),
  ...columns(
    'string',
    'RequesterTenantId RequesterTokenIssuer RequesterUpn ResponseMd5 SasExpiryStatus SchemaVersion',
  ),
  ...columns('string', 'ServiceType StatusCode StatusText TlsVersion Uri UserAgentHeader'),
  ...columns(
    'long',
    'ContentLengthHeader RequestBodySize RequestHeaderSize ResponseBodySize ResponseHeaderSize',
  ),
  ...{ AuthorizationDetails: 'dynamic', DurationMs: 'real', ServerLatencyMs: 'real' },
  ...{ LastModifiedTime: 'datetime', OperationCount: 'int' },
};

export const workspaceTables: TableSchemas = {
  AppEvents: { ...ofTelemetry, Name: 'string', Measurements: 'dynamic' },
  AppExceptions: {
    ...ofTelemetry,
    ...columns(
      'string',
      'Assembly ExceptionType HandledAt InnermostAssembly InnermostMessage InnermostMethod',
    ),
    ...columns(
      'string',
      'InnermostType Message Method OuterAssembly OuterMessage OuterMethod OuterType ProblemId',
    ),
    ...{ Details: 'dynamic', Measurements: 'dynamic', SeverityLevel: 'int' },
  },
  AppMetrics: { ...ofTelemetry, Name: 'string', ...columns('real', 'Max Min Sum') },
  AppRequests: {
    ...ofTelemetry,
    ...columns('string', 'Id Name PerformanceBucket ReferencedItemId ReferencedType ResultCode Source Url'),
    ...{ DurationMs: 'real', Measurements: 'dynamic', Success: 'bool' },
  },
  AppTraces: {
    ...ofTelemetry,
    ...columns('string', 'Message ReferencedItemId ReferencedType'),
    ...{ Measurements: 'dynamic', SeverityLevel: 'int' },
  },
  AzureMetrics: {
    ...ofEveryTable,
    ...columns(
      'string',
      'CallerIPAddress CorrelationId DurationMs Location MetricName OperationName Resource',
    ),
    ...columns(
      'string',
      'ResourceGroup ResourceId ResourceProvider ResourceType SubscriptionId TimeGrain UnitName',
    ),
    ...columns('real', 'Average Count Maximum Minimum Total'),
  },
  FunctionAppLogs: {
    ...ofEveryTable,
    ...columns(
      'string',
      'ActivityId AppName Category EventName ExceptionDetails ExceptionMessage ExceptionType',
    ),
    ...columns(
      'string',
      'FunctionInvocationId FunctionName HostInstanceId HostVersion Level Location Message',
    ),
    ...columns('int', 'EventId LevelId ProcessId'),
    RoleInstance: 'string',
  },
  StorageBlobLogs: {
    ...ofStorageLogs,
    ...columns(
      'string',
      'AccessTier DestinationUri MetricResponseType RehydratePriority SourceAccessTier SourceUri',
    ),
  },
  StorageQueueLogs: ofStorageLogs,
  StorageTableLogs: ofStorageLogs,
  /** Where the destination of the kind logAnalytics sends records, and the function that comes with it, read like a table. */
  AuditkeepRecords_CL: { ...ofEveryTable, ...destinationColumns },
  OfficeActivity_Auditkeep: { ...officeActivity, CreationTime: 'datetime', TenantName: 'string' },
  DCRLogErrors: { ...ofEveryTable, ...columns('string', 'InputStreamId Message OperationName') },
  /** A function that Azure Monitor puts before a table, read like one. */
  _LogOperation: {
    TimeGenerated: 'datetime',
    ...columns('string', 'Category Detail Level Operation _ResourceId'),
  },
  Usage: {
    ...ofEveryTable,
    ...columns('string', 'DataType MeterId QuantityUnit ResourceUri Solution'),
    ...{ EndTime: 'datetime', StartTime: 'datetime', IsBillable: 'bool', Quantity: 'real' },
  },
};

function columns(type: string, names: string): Readonly<Record<string, string>> {
  return Object.fromEntries(names.split(' ').map((name) => [name, type]));
}
