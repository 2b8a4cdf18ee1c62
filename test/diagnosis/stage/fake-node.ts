/** A Node object without a machine: the scheduler takes it for one. Its own taint keeps everybody else away. */
import type { DiagnosisStage } from './stage.ts';

export interface NodeOptions {
  labels: Record<string, string>;
  taints?: { key: string; value: string; effect: string }[];
  /** How many pods it takes. */
  pods?: number;
  ready?: boolean;
  /** Of its name, where a stage has several. */
  suffix?: string;
}

/** A node that says nothing for longer than this is taken for lost. */
const REPORT_MS = 10_000;

export class FakeNode {
  readonly name: string;
  readonly #stage: DiagnosisStage;
  readonly #options: NodeOptions;
  #timer: NodeJS.Timeout | undefined;

  private constructor(stage: DiagnosisStage, options: NodeOptions) {
    this.name = `made-${stage.namespace}${options.suffix ?? ''}`;
    this.#stage = stage;
    this.#options = options;
  }

  static async join(stage: DiagnosisStage, options: NodeOptions): Promise<FakeNode> {
    const node = new FakeNode(stage, options);
    await node.#join();
    return node;
  }

  /** What the workspace says to be let onto it. */
  get toleration(): string[] {
    return ['--toleration', `ws.test/keep-off=${this.name}:NoSchedule`];
  }

  async #join(): Promise<void> {
    const { labels, taints = [], ready = true } = this.#options;
    const keepOff = { key: 'ws.test/keep-off', value: this.name, effect: 'NoSchedule' };
    await this.#stage.create({
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name: this.name, labels: { 'kubernetes.io/os': 'linux', ...labels } },
      spec: { taints: [keepOff, ...taints] },
    });
    await this.#report(ready);
    this.#timer = setInterval(() => void this.#report(ready).catch(() => undefined), REPORT_MS);
    this.#stage.defer(() => clearInterval(this.#timer));
    // The controller takes its taints away, or sets them, a moment later.
    const isTainted = async () =>
      (await this.#stage.cluster(['get', 'node', this.name, '-o', 'jsonpath={.spec.taints[*].key}'])).includes(
        'node.kubernetes.io/not-ready',
      );
    for (let tries = 0; (await isTainted()) === ready && tries < 60; tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 300));
  }

  /** It reports no more. The controller takes it for lost 40 seconds later. */
  fallSilent(): void {
    clearInterval(this.#timer);
  }

  async #report(ready: boolean): Promise<void> {
    const now = new Date().toISOString();
    const sizes = { cpu: '4', memory: '8Gi', 'ephemeral-storage': '100Gi', pods: String(this.#options.pods ?? 10) };
    const condition = {
      type: 'Ready',
      status: ready ? 'True' : 'Unknown',
      reason: ready ? 'KubeletReady' : 'NodeStatusUnknown',
      message: ready ? 'made by a test' : 'Kubelet stopped posting node status.',
      lastHeartbeatTime: now,
      lastTransitionTime: now,
    };
    const status = { capacity: sizes, allocatable: sizes, conditions: [condition] };
    const words = [
      'patch',
      'node',
      this.name,
      '--subresource=status',
      '--type=merge',
      '-p',
      JSON.stringify({ status }),
    ];
    await this.#stage.cluster(words);
  }
}
