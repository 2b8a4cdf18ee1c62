import { RESUME_PORT } from '../../contract/ports.ts';
import type { Config } from '../config.ts';
import type { Door } from '../connections/door.ts';
import type { SshServer } from '../connections/server.ts';
import type { Metrics } from '../measures/metrics.ts';
import type { Log } from '../output/log.ts';
import { ResumeServer } from './resume-server.ts';

/** Without its port there is only the ordinary one, which serves everybody. */
export async function serveResumable(
  { resumeSeconds: keptSeconds }: Config,
  { server, resumeDoor }: { server: SshServer; resumeDoor: Door },
  log: Log,
  metrics: Metrics,
): Promise<void> {
  if (keptSeconds === 0) return resumeDoor.close();
  try {
    await new ResumeServer({ keptSeconds }, resumeDoor, server, log, metrics).serve();
  } catch (error) {
    log.error('server.resumes-nothing', { port: RESUME_PORT, reason: (error as Error).message });
  }
}
