import { displayName, password, username } from '@carpenter/protocol';

export interface Account {
  username: string;
  password: string;
  displayName?: string;
}

/** The same rules as at registration. @returns the sentences that say what is wrong, where something is */
export function readAccount(input: {
  username: string;
  password: string;
  name?: string | undefined;
}): Account | string {
  const faults: string[] = [];
  const take = (rule: typeof username | typeof password | typeof displayName, text: string): string => {
    const { data, error } = rule.safeParse(text);
    if (error) faults.push(...error.issues.map(issue => issue.message));
    return data ?? text;
  };
  const account: Account = {
    username: take(username, input.username),
    password: take(password, input.password),
    ...(input.name !== undefined && { displayName: take(displayName, input.name) }),
  };
  return faults.length > 0 ? faults.join(' ') : account;
}

/** A line "username,password", or with a tab between them. @returns undefined where it has neither */
export function accountIn(line: string): { username: string; password: string } | undefined {
  const end = line.search(/[\t,]/);
  return end < 1 ? undefined : { username: line.slice(0, end).trim(), password: line.slice(end + 1) };
}
