/** Where to work, as flags and environment say it. What they leave undefined, the kubeconfig says. */
export interface Place {
  context: string | undefined;
  namespace: string | undefined;
  /** A file instead of those of KUBECONFIG and `~/.kube/config`. */
  kubeconfig: string | undefined;
}
