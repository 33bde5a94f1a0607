// What the operator's tool may use of the server. Everything else stays behind the package's door.
export { createAccount, suspendAccount } from './auth/accounts.ts';
export { hashPassword } from './auth/password.ts';
export { CannotStart } from './cannot-start.ts';
export { ConfigError, readConfig } from './config.ts';
export { joinEmbedded, startEmbedded } from './embedded/start.ts';
export { createLog } from './log.ts';
export { reachDatabase } from './reach-database.ts';
export { start } from './start.ts';
export { type AuditLine, readAudit } from './store/audit.ts';
export { type Db, openPool } from './store/database.ts';
export { migrate } from './store/migrate.ts';
