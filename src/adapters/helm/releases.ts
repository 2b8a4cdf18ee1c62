/** The `Releases` of the world: the user's own Helm, version 3.14 or newer, run as a child process. */

import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { failure, hasCode, interrupted } from '../../workspace/errors/errors.ts';
import { ws } from '../../workspace/errors/suggestion.ts';
import { verifyNewest } from '../../workspace/release/moved-on.ts';
import type {
  ApplyOptions,
  PreviewOptions,
  ReleaseBase,
  ReleaseState,
  Releases,
} from '../../workspace/release/releases.ts';
import { findRevision, parseHistory, parseRendered, parseRevisions, parseValues } from './helm-answers.ts';
import {
  dryRunArguments,
  historyArguments,
  manifestArguments,
  markedArguments,
  type RevisionMark,
  rollbackArguments,
  uninstallArguments,
  upgradeArguments,
  valuesArguments,
} from './helm-arguments.ts';
import { type HelmOptions, HelmProgram } from './helm-program.ts';
import { findPodTemplate, listObjects } from './manifest.ts';
import { verifySame } from './moved-on.ts';
import { EMPTIED_SHARE, findDeployed, findHold, heldBy, STALE_AFTER_MS, StandingStill } from './recovery.ts';
import { isFlagUnknown, isReleaseMissing } from './translate.ts';
import { dropGiven, readAmounts, readExtras, readHome, readNulls } from './values-files.ts';

/** Cheap: runs nothing until it is used. */
export function openHelm(options: HelmOptions): Releases {
  return new HelmReleases(options);
}

/** A write that is only rendered: `server` lets the chart ask the cluster what is there. */
interface DryRun {
  release: string;
  values: object;
  valuesFiles: string[];
  side: 'client' | 'server';
}

interface Patience {
  deadlineMs: number;
  onHeld: ApplyOptions['onHeld'];
  isEmptied: ApplyOptions['isEmptied'];
}

/** How often the history is read while another operation is at work, and how long that may go on. */
const POLL_MS = 500;
const BUSY_LIMIT_MS = 3 * STALE_AFTER_MS;

/** Most are done sooner, and whoever waits for one that is not hears of it. */
const TOLD_AFTER_MS = 2000;

/** A clock of this process alone, which nobody can set. */
const nowMs = () => performance.now();

class HelmReleases implements Releases {
  readonly #options: HelmOptions;
  readonly #program: HelmProgram;
  /** The mark of the last call for each release. */
  readonly #marks = new Map<string, RevisionMark>();

  readonly readHome = readHome;
  readonly readNulls = readNulls;
  readonly readExtras = readExtras;
  readonly readAmounts = readAmounts;

  constructor(options: HelmOptions) {
    this.#options = options;
    this.#program = new HelmProgram(options);
  }

  getVersion(signal: AbortSignal): Promise<string> {
    return this.#program.getVersion(signal);
  }

  async find(release: string, signal: AbortSignal): Promise<ReleaseState | undefined> {
    return (await this.#readHistory(release, signal)).at(-1);
  }

  async apply(release: string, values: object | Promise<object>, options: ApplyOptions, signal: AbortSignal) {
    const before = options.after;
    const rest = Promise.resolve(values).then(async (known) => {
      if (before > 0) verifyNewest(release, await this.find(release, signal), before, options.stood);
      // JSON is YAML, and half of a JSON document is neither: Helm refuses it if `ws` is killed before it wrote all.
      return JSON.stringify(known).slice(1);
    });
    // Helm may have failed meanwhile.
    rest.catch(() => undefined);
    const deadlineMs = nowMs() + BUSY_LIMIT_MS;
    let recovered = false;
    const { onHeld, isEmptied } = options;
    let { after } = options;
    while (true) {
      const mark = { revision: after + 1, operation: randomUUID() };
      this.#marks.set(release, mark);
      const major = await this.#program.getMajor();
      const upgrade = upgradeArguments(release, this.#options.chartPath, { ...options, major, mark });
      try {
        const output = await this.#program.run(upgrade, signal, { input: { head: '{', rest } });
        const revision = findRevision(output) ?? mark.revision;
        const change = recovered ? 'recovered' : revision === 1 ? 'installed' : 'upgraded';
        return { revision, change } as const;
      } catch (error) {
        // Somebody may have asked for the version meanwhile: what counts is what this call went by.
        if (isFlagUnknown(error) && major !== (await this.#program.readMajor(signal))) continue;
        if (!hasCode(error, 'WORKSPACE_BUSY') || nowMs() > deadlineMs) throw error;
        recovered = (await this.#awaitFree(release, { deadlineMs, onHeld, isEmptied }, signal)) || recovered;
        const now = await this.find(release, signal);
        const read = async (one: number) => parseValues(await this.#program.run(valuesArguments(release, one), signal));
        if (!recovered) await verifySame(release, now, { ...options, after, values }, read);
        after = now?.revision ?? 0;
      }
    }
  }

  async verify(release: string, values: object, valuesFiles: string[], signal: AbortSignal) {
    const { manifest } = await this.#dryRun({ release, values, valuesFiles, side: 'client' }, signal);
    return { template: findPodTemplate(manifest, release), objects: listObjects(manifest) };
  }

  async render(release: string, values: object, signal: AbortSignal) {
    const { manifest } = await this.#dryRun({ release, values, valuesFiles: [], side: 'client' }, signal);
    return listObjects(manifest);
  }

  async preview(release: string, values: object, { valuesFiles, deployment }: PreviewOptions, signal: AbortSignal) {
    const [before, after] = await Promise.all([
      this.#program.run(manifestArguments(release), signal),
      this.#dryRun({ release, values, valuesFiles, side: 'server' }, signal),
    ]);
    const find = (manifest: string) => findPodTemplate(manifest, deployment);
    return { before: find(before), after: find(after.manifest), values: after.values };
  }

  async uninstall(release: string, signal: AbortSignal): Promise<void> {
    // Helm would die of the signal in the middle, and what it left could be neither used nor made again.
    await this.#program.run(uninstallArguments(release), signal, { mayFinish: true });
  }

  async getBase(release: string, valuesFiles: string[], signal: AbortSignal): Promise<ReleaseBase> {
    const history = await this.#readHistory(release, signal);
    const newest = history.at(-1);
    if (newest === undefined)
      throw failure('WORKSPACE_MISSING', { message: `There is no release ${release}`, suggestions: [ws`ls`] });
    // If none was ever deployed, its maker's answers stand nowhere else.
    const { revision } = findDeployed(history) ?? newest;
    const values = parseValues(await this.#program.run(valuesArguments(release, revision), signal));
    const deployed = newest.status === 'deployed' ? values : undefined;
    return { values: await dropGiven(values, valuesFiles), deployed, revision: newest.revision };
  }

  async undo(release: string, signal: AbortSignal): Promise<'removed' | 'restored' | 'nothing'> {
    const mark = this.#marks.get(release);
    if (mark === undefined) return 'nothing';
    const history = await this.#readHistory(release, signal);
    const last = history.at(-1);
    // It is deployed, so somebody has mended it meanwhile.
    if (last?.revision !== mark.revision || last.status === 'deployed') return 'nothing';
    if (!(await this.#isMarked(release, mark, signal))) return 'nothing';
    const deployed = findDeployed(history);
    if (deployed !== undefined) {
      await this.#rollBack(release, deployed.revision, signal);
      return 'restored';
    }
    if (history.length > 1) return 'nothing';
    await this.uninstall(release, signal);
    return 'removed';
  }

  /**
   * Waits until nobody holds the release, or ends what `ws` itself left of it. True when it had to. Throws
   * `WORKSPACE_BUSY`.
   */
  async #awaitFree(
    release: string,
    { deadlineMs, onHeld, isEmptied }: Patience,
    signal: AbortSignal,
  ): Promise<boolean> {
    const { staleAfterMs = STALE_AFTER_MS } = this.#options;
    const standing = new StandingStill();
    const tellAtMs = nowMs() + Math.min(TOLD_AFTER_MS, staleAfterMs);
    let isTold = false;
    while (true) {
      // Several callers that wait for one release must not return in step.
      await this.#pause(POLL_MS + Math.random() * POLL_MS, signal);
      const history = await this.#readHistory(release, signal);
      const last = history.at(-1);
      const hold = findHold(history);
      if (last === undefined || hold.kind === 'none') return false;
      if (!isTold && nowMs() >= tellAtMs) onHeld?.(last);
      isTold ||= nowMs() >= tellAtMs;
      const stillMs = standing.look(last, nowMs());
      const isStill = stillMs >= staleAfterMs;
      const mayEnd =
        hold.kind === 'removal'
          ? stillMs >= staleAfterMs / EMPTIED_SHARE && (await isEmptied?.(signal)) === true
          : isStill && hold.kind !== 'foreign';
      if (!mayEnd && !isStill && nowMs() < deadlineMs) continue;
      const { revision } = last;
      if (!mayEnd || !(await this.#isMarked(release, { revision }, signal))) throw heldBy(release, last);
      if (hold.kind === 'rollback') await this.#rollBack(release, hold.to, signal);
      else await this.uninstall(release, signal);
      return true;
    }
  }

  async #rollBack(release: string, revision: number, signal: AbortSignal): Promise<void> {
    await this.#program.run(rollbackArguments(release, revision, await this.#program.readMajor(signal)), signal);
  }

  /** Whether the newest revision is one that `ws` began: this very call, where the mark names it. */
  async #isMarked(release: string, mark: Partial<RevisionMark> & { revision: number }, signal: AbortSignal) {
    const found = parseRevisions(await this.#program.run(markedArguments(release, mark), signal));
    return found.includes(mark.revision);
  }

  async #dryRun({ release, values, valuesFiles, side }: DryRun, signal: AbortSignal) {
    // Also the first call that finds no helm, or one that is too old.
    const major = await this.#program.readMajor(signal);
    const mark = { revision: 0, operation: 'none' };
    const options = { valuesFiles, createNamespace: false, mark, major };
    const words = dryRunArguments(release, this.#options.chartPath, options, side);
    return parseRendered(
      await this.#program.run(words, signal, { input: { head: JSON.stringify(values), rest: Promise.resolve('') } }),
    );
  }

  async #readHistory(release: string, signal: AbortSignal): Promise<ReleaseState[]> {
    let output: string;
    try {
      output = await this.#program.run(historyArguments(release), signal);
    } catch (error) {
      if (isReleaseMissing(error)) return [];
      throw error;
    }
    return parseHistory(output);
  }

  async #pause(ms: number, signal: AbortSignal): Promise<void> {
    await sleep(ms, undefined, { signal }).catch(() => {
      throw interrupted();
    });
  }
}
