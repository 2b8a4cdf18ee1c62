/** Every cause that is made for real, by group. */
import { ADMISSION } from './made/admission.ts';
import { HELM } from './made/helm.ts';
import { LOCAL } from './made/local.ts';
import { LOGIN } from './made/login.ts';
import { CHANGED } from './made/pod/changed.ts';
import { ENDING } from './made/pod/ending.ts';
import { listImageCauses } from './made/pod/image.ts';
import { START } from './made/pod/start.ts';
import { QUOTA } from './made/quota.ts';
import { REACH } from './made/reach.ts';
import { RIGHTS } from './made/rights.ts';
import { SCHEDULING } from './made/scheduling.ts';
import { VOLUME } from './made/volume.ts';
import type { Scenario } from './stage/scenario.ts';

/** `registry`: the host of the tests' registry, once it is there. */
export function listGroups(registry: () => string): Record<string, Scenario[]> {
  return {
    scheduling: SCHEDULING,
    quota: QUOTA,
    admission: ADMISSION,
    volume: VOLUME,
    image: listImageCauses(registry),
    start: START,
    changed: CHANGED,
    ending: ENDING,
    rights: RIGHTS,
    reach: REACH,
    login: LOGIN,
    local: LOCAL,
    helm: HELM,
  };
}
