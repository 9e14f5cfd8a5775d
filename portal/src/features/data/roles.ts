// Who may open which data pages; the hub refuses everybody else too.
export { hasRole, kDataRoles, type Me } from '../../shell/session';
export const kShareRoles: readonly string[] = ['clerk', 'leader', 'data_steward', 'system_admin', 'security_admin', 'auditor'];
export const kAuditRoles: readonly string[] = ['auditor'];
export const kAlertRoles: readonly string[] = ['data_steward', 'auditor'];
