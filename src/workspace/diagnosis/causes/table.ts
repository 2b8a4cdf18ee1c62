/**
 * All causes, the nearest first: a later one may be a consequence of an earlier one. A new cause is a file and its row.
 */
import type { Cause } from '../cause.ts';
import { POLICY, SILENT_WEBHOOK, WEBHOOK } from './admission/gates.ts';
import { LIMIT_RANGE } from './admission/limit-range.ts';
import { MISSING } from './admission/missing.ts';
import { POD_SECURITY } from './admission/pod-security.ts';
import { DAMAGED } from './damaged.ts';
import { FINALIZER, LOST_NODE, OVERDUE } from './ending/ending.ts';
import { HERE } from './failures/here.ts';
import { LOGIN } from './failures/login.ts';
import { REACH } from './failures/reach.ts';
import { RIGHTS } from './failures/rights.ts';
import { ABSENT, BAD_NAME, MISSING_SECRET } from './image/local.ts';
import { PULL, UNPUBLISHED, UNPULLED } from './image/pull.ts';
import { QUOTA_AMOUNTS, QUOTA_DEMAND, QUOTA_OBJECTS } from './quota/amounts.ts';
import { QUOTA_HOMES } from './quota/homes.ts';
import { ENDED, EVICTED } from './running/evicted.ts';
import { SILENT } from './running/silent.ts';
import { INSUFFICIENT } from './scheduling/insufficient.ts';
import { CORDONED, NOT_READY, TOO_MANY_PODS } from './scheduling/nodes.ts';
import { AFFINITY, SELECTOR } from './scheduling/selector.ts';
import { TAINT } from './scheduling/taint.ts';
import { NO_VOLUME, VOLUME_NODE } from './scheduling/volume-node.ts';
import { CRASH, FOREIGN_IMAGE, START_CONFIG, UNMADE_CONTAINER, WRONG_MACHINE } from './start/container.ts';
import { RUN_MEMORY, START_MEMORY } from './start/memory.ts';
import { SERVER } from './start/server.ts';
import { CLAIM_ENDING, CLAIM_LOST, CLAIM_MISSING, CLAIM_PENDING, PROVISIONING } from './volume/claim.ts';
import { CLASS_CANNOT_GROW, CLASS_MISSING, CLASS_UNKNOWN } from './volume/class.ts';
import { IN_USE, IN_USE_BY_ONE, MOUNT, ROOT_SQUASH, SUB_PATH } from './volume/mount.ts';

export { UNKNOWN } from './unknown.ts';

export const CAUSES: Cause[] = [
  DAMAGED,
  ...[FINALIZER, LOST_NODE, OVERDUE],
  ...[...QUOTA_AMOUNTS, ...QUOTA_HOMES, QUOTA_OBJECTS, QUOTA_DEMAND],
  ...[LIMIT_RANGE, POD_SECURITY, POLICY, WEBHOOK, SILENT_WEBHOOK, ...MISSING],
  ...[...EVICTED, ENDED],
  ...[
    CLAIM_MISSING,
    CLAIM_LOST,
    CLAIM_ENDING,
    CLASS_MISSING,
    CLASS_UNKNOWN,
    CLASS_CANNOT_GROW,
    PROVISIONING,
    CLAIM_PENDING,
  ],
  ...[
    IN_USE_BY_ONE,
    VOLUME_NODE,
    NO_VOLUME,
    SELECTOR,
    AFFINITY,
    TAINT,
    CORDONED,
    NOT_READY,
    TOO_MANY_PODS,
    ...INSUFFICIENT,
  ],
  ...[IN_USE, ROOT_SQUASH, START_CONFIG, SUB_PATH, MOUNT],
  ...[BAD_NAME, ABSENT, MISSING_SECRET, UNPUBLISHED, ...PULL, UNPULLED],
  ...[START_MEMORY, ...SERVER, FOREIGN_IMAGE, WRONG_MACHINE, CRASH, UNMADE_CONTAINER],
  ...[RUN_MEMORY, SILENT],
  ...[...RIGHTS, ...LOGIN, ...REACH, ...HERE],
];
