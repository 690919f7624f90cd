// Whose roles a job lets act on it (may_act of its file), beyond what a token grants.
import type { JobDetails, Role } from '../../made/api';

export function rolesOf(job: JobDetails): Role[] | null {
  try {
    return JSON.parse(job.settings.find((one) => one.key === 'may_act')?.value ?? 'null') as Role[] | null;
  } catch { return null; }
}

// Why somebody of that role may not; empty where they may.
export function keptFrom(job: JobDetails, role: Role | undefined): string {
  const roles = rolesOf(job);
  return !roles || !role || roles.includes(role) ? '' : `Its file lets ${roles.join(' and ') || 'nobody'} act on it (may_act), and you are ${role}.`;
}
