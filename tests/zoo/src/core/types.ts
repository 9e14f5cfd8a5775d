// Values shared by all simulators.

/** One row of systems.json: the fields of the domain catalogue that the zoo needs. */
export interface SystemInfo {
  id: string;
  port: number;
  name_zh: string;
  name_en: string;
  kind: string;
  charset: string;
  cookies: string[];
  idle_s: number;
  absolute_s: number;
  single_session: boolean;
}

/** An account inside one legacy system. `username` is the system's own name (qu-oa: the DN), not the hub's. */
export interface Account {
  username: string;
  password: string;
  name: string;
  org: string;
  /** dl-8890: the unit chosen on the login page. */
  dept?: string;
}

/** What zoo-accounts.json holds for one system. */
export interface SystemAccounts {
  secrets: Record<string, string>;
  accounts: Account[];
}

export interface AccountsFile {
  district: string;
  systems: Record<string, SystemAccounts>;
}

export type EventKind = 'login' | 'login_failed' | 'logout' | 'request' | 'refused' | 'kicked' | 'locked' | 'expired';

export interface ZooEvent {
  n: number;
  at: string;
  event: EventKind;
  account: string | null;
  person: string | null;
  session: string | null;
  method: string;
  path: string;
  status: number;
  headers: string[];
  note: string;
}
