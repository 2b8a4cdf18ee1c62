/**
 * How each command of a page is tried. What is not named here is run as it stands, without a terminal, and has to exit
 * with 0. A line is the key: two pages that have the same one mean the same.
 */

export type Treatment =
  /** Why it is not run. */
  | { not: string }
  | {
      /** What the page presupposes: shell, run first. */
      before?: string;
      /** What brings things back to where the next line begins. */
      after?: string;
      /** The line for this cluster: where the page has an example's name or leaves something out. */
      as?: (line: string) => string;
      /** On a terminal; this is typed until a shell's prompt shows, and then `exit`. */
      types?: string;
      /** It goes on until somebody stops it with Ctrl-C, which happens when its output looks like this. */
      until?: RegExp;
      status?: number;
    };

/** One test file for each group, because files run beside each other. Within a group, in the order of reading. */
export const PAGES = {
  first: ['README.md', 'docs/install.md', 'docs/home.md', 'docs/sessions.md'],
  daily: [
    'docs/forwarding.md',
    'docs/editors.md',
    'docs/security.md',
    'docs/json.md',
    'docs/troubleshooting.md',
    'docs/testing.md',
  ],
  operators: ['docs/operators.md'],
  reference: ['docs/commands.md'],
};

const ENTER = { types: '\r' };
const DOCKER = { not: 'there is no docker here; test/image builds the same Dockerfile with buildah' };
const OWN_CLUSTER = { not: 'it boots a cluster of its own, as test/cluster does' };
const CUT_SHORT = { not: 'the key in it is cut short' };

const MAKE = 'ws ssh dev -- true >/dev/null 2>&1 || ws up dev --yes --no-shell --progress quiet >/dev/null';
const MAKEFILE = `ws ssh dev -- "printf 'test:\\n\\t@echo tested\\n' > Makefile"`;
const KEPT = `${MAKE}; ws down dev --keep-home --yes >/dev/null`;
const TRAIN = `ws ssh dev -- "printf '#!/bin/sh\\nsleep 300\\n' > train.sh; chmod +x train.sh"`;
const NPM_RUN_DEV = `ws ssh dev -- "echo '{\\"scripts\\": {\\"dev\\": \\"echo serving; sleep 300\\"}}' > package.json"`;
const laptop = 'ssh-keygen -q -t ed25519 -N "" -C me@old-laptop -f ~/.ssh/laptop <<<y >/dev/null';
const toSize = (line: string) => line.replace('fast', 'ws-local').replace('20Gi', '64Mi');

export const PLAN: Record<string, Treatment> = {
  // README.md and docs/install.md
  'npm run setup -- npm': { not: 'the run of the tests has done it' },
  'npm pack': { not: 'every page here runs the package that it made' },
  'npm install --global ./ws-workspace-0.2.0.tgz': { not: 'every page here has it installed in an empty prefix' },
  'docker build -f image/Dockerfile -t ws-workspace:0.2.0 .': DOCKER,
  'docker tag ws-workspace:0.2.0 registry.example.com/ws-workspace:0.2.0': DOCKER,
  'docker push registry.example.com/ws-workspace:0.2.0': DOCKER,
  'docker build -f image/Dockerfile -t registry.example.com/ws-workspace:0.2.0 .': DOCKER,
  'docker build -f image/Dockerfile -t registry.example.com/ws-workspace:0.2.0 --build-arg NODE_TARBALL=https://mirror.example.com/node-v26.10.0-linux-x64.tar.xz --build-arg NODE_TARBALL_SHA256=0000000000000000000000000000000000000000000000000000000000000000 .':
    DOCKER,
  'ws config set image registry.example.com/ws-workspace:0.2.0': { after: "ws config set image ''" },
  'npm run demo': { not: 'test/e2e/demo.test.ts runs it' },
  'npm test': { not: 'it is what runs this' },
  'ws up': ENTER,
  'ws ssh -- make test': { before: MAKEFILE },
  'ws forward 3000': { before: MAKE, until: /:3000/ },
  'ws config-ssh': { types: 'y' },
  'ws doctor --context work --namespace me': { as: (line) => line.replace(' me', ' "$SPACE"') },
  'ws up dev --values registry.yaml': {
    before: "printf 'imagePullSecrets:\\n  - name: registry\\n' > registry.yaml",
    ...ENTER,
  },
  'ws ssh dev --forward-agent -- git clone git@git.example.com:me/project.git': {
    // No host of others is in reach: the repository is in the workspace.
    before: `${MAKE}; ws ssh dev -- git init -q --bare there.git`,
    as: (line) =>
      `ssh-agent sh -c 'ssh-add -q ~/.ssh/id_ed25519; ${line.replace('git@git.example.com:me/project.git', 'there.git')}'`,
    after: 'ws ssh dev -- rm -rf there there.git',
  },
  'WS_STORAGE_CLASS=fast WS_SIZE=20Gi ws up dev --yes --create-namespace --namespace me': {
    as: (line) => toSize(line).replace(' me', ' "$SPACE-new"'),
    after: 'kubectl delete namespace "$SPACE-new" --wait=false',
  },
  'source <(ws completion zsh)': { as: () => 'ws completion zsh' },
  'ws completion fish > ~/.config/fish/completions/ws.fish': { before: 'mkdir -p ~/.config/fish/completions' },
  'npm uninstall --global ws-workspace': { after: 'npm install --global --silent ./ws-workspace-*.tgz' },

  // docs/editors.md
  'ssh ws-dev': ENTER,
  'scp notes.txt ws-dev:': { before: 'echo note > notes.txt' },
  'rsync -a project/ ws-dev:project/': { before: 'mkdir -p project; git init -q project' },
  'git clone ws-dev:project': { before: 'rm -rf project' },
  'ws config-ssh --namespace team': { as: (line) => line.replace('team', '"$SPACE"') },
  'ws config-ssh --yes --namespace team': { as: (line) => line.replace('team', '"$SPACE"') },
  'ws up dev --cpu 4 --memory 8Gi': { as: (line) => line.replace('4', '1').replace('8Gi', '1Gi') },

  // docs/forwarding.md
  'ws forward 3000 --strict': { until: /:3000/ },
  // The address is an example's, which no machine has.
  'ws forward 3000 --address 192.0.2.10': { status: 3 },
  'ws forward dev 3000': { until: /:3000/ },
  'ws forward --auto': { until: /Forwards open/ },
  'ws forward --auto --ignore 9229,6006': { until: /Forwards open/ },
  'ws forward --auto --ignore 9229': { until: /Forwards open/ },
  'ws forward -R 8080:localhost:3000': { until: /8080/ },
  'ws forward -R 5432:db.corp:5432': { until: /5432/ },
  'ws forward -R 3000': { until: /3000/ },
  'ws forward --socks 1080': { until: /1080/ },
  'ws forward -D 127.0.0.2:1080 -D 1081': { until: /1081/ },
  'curl --proxy socks5h://127.0.0.1:1080 http://service.namespace.svc:8080/': {
    as: (line) =>
      `ws forward --socks 1080 --strict >/dev/null 2>&1 & sleep 4; ${line.replace(/http:.*/, '-fsS "http://$(kubectl get service ws-dev -o jsonpath={.spec.clusterIP}):9222/healthz"')}; s=$?; kill -INT %1; exit $s`,
  },
  'ws forward 8080:3000 5432:db:5432': { before: MAKE, until: /8080[\s\S]*5432/ },
  'ws forward dev 3000-3005': { until: /3005/ },
  'ws forward 0:3000 --json': { until: /\}\n$/ },

  // docs/sessions.md: the addresses are examples, at which nothing answers.
  'ws ssh dev --direct 192.0.2.10': { before: MAKE, status: 255 },
  'ws config-ssh --direct dev=192.0.2.10': { before: MAKE, types: 'y' },
  'ws config-ssh --direct dev=': { before: MAKE, types: 'y' },
  "ws forward 3000 --direct '[2001:db8::7]:30022'": { before: MAKE, status: 6 },
  "ssh -o ProxyCommand='ws proxy dev --direct dev.example.com' developer@dev": { before: MAKE, status: 255 },

  // docs/home.md
  'kubectl rollout restart deployment/ws-dev': { after: 'kubectl rollout status deployment/ws-dev >/dev/null' },
  'ws up dev': ENTER,
  'ws homes rm dev': { before: KEPT, types: 'y' },
  'ws up new --home ws-dev-home': { before: KEPT, ...ENTER, after: 'ws down new --delete-home --yes' },
  'ws up new --home ws-dev-home --values host-key.yaml': {
    before: "printf 'hostKey:\\n  existingSecret: ws-dev-host-key\\n' > host-key.yaml",
    ...ENTER,
    after: 'ws down new --delete-home --yes',
  },
  'ws up docs --home team-homes --sub-path alice': {
    before:
      'echo "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: team-homes}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 64Mi}}}}" | kubectl create -f -',
    ...ENTER,
    after: 'ws down docs --delete-home --yes',
  },
  'ws status dev': { before: `${MAKE} || true` },
  // It makes the new key, and then refuses it.
  'ws up dev --repair --no-shell': { status: 4 },
  'ws up dev --accept-host-key SHA256:…': {
    as: (line) =>
      line.replace('SHA256:…', '"$(ws status dev --json | sed -n \'s/.*"hostKeyFingerprint": "\\(.*\\)".*/\\1/p\')"'),
  },
  // The volumes of this cluster's class cannot grow, which is refused before anything is written.
  'ws up dev --size 20Gi': { status: 4 },

  // docs/commands.md, behind what removes the workspace
  'ws keep 2h': { before: MAKE },

  // docs/operators.md
  'helm template ws-bob ./chart --namespace team --skip-tests --values bob.yaml | kubectl apply --filename -': {
    before:
      'echo "{authorizedKeys: [\'$(cat ~/.ssh/id_ed25519.pub)\'], hostKey: {existingSecret: ws-alice-host-key}}" > bob.yaml',
    // This Helm 3 was built from source, and takes each cluster for an old one.
    as: (line) => line.replace('ws-bob', 'ws-bob --kube-version 1.37'),
    after: 'kubectl --namespace team delete all,configmap,secret --selector app.kubernetes.io/instance=ws-bob',
  },
  'kubectl --namespace team create rolebinding ws-alice --role=ws-user --user=alice': {},
  'helm install ws-alice ./chart --namespace team --set hostKey.existingSecret=alice-host-key …': {
    before: 'helm uninstall ws-alice --namespace team --wait; kubectl --namespace team delete pvc ws-alice-home',
    as: (line) => line.replace('…', '--set-file \'authorizedKeys[0]\'="$HOME/.ssh/id_ed25519.pub"'),
  },
  // Whoever types it puts a whole line where KEY stands.
  // Helm 3 has no such flag.
  'helm upgrade ws-alice ./chart --namespace team --reset-then-reuse-values --server-side=true --set-file hostKey.privateKey=host_key':
    { as: (line) => `case $(helm version --template '{{.Version}}') in v3.*) ;; *) ${line} ;; esac` },
  'helm upgrade ws-alice ./chart --namespace team --reset-then-reuse-values --set-json \'authorizedKeys=["KEY", "KEY"]\'':
    { as: (line) => line.replace('["KEY", "KEY"]\'', '[\'"\\"$(cat $HOME/.ssh/id_ed25519.pub)\\""\']\'') },

  // docs/security.md: the digest is an example's.
  'ws up dev --image registry.example.com/ws-workspace@sha256:0000000000000000000000000000000000000000000000000000000000000000':
    { status: 5 },
  'ws ssh -- cat /usr/share/ws/sbom.spdx.json': { before: 'ws up dev --image ws-workspace:0.2.0 --no-shell' },

  // docs/sessions.md
  'ws ssh': ENTER,
  'ws ssh dev make test': { before: MAKEFILE },
  'ws ssh dev -t top': { types: 'q' },
  'ws ssh dev --tty top': { types: 'q' },
  'ws ssh dev npm run dev': { before: NPM_RUN_DEV, until: /serving/, status: 130 },
  "ws ssh dev 'nohup ./train.sh > log 2>&1 &'": { before: TRAIN },
  'ws ssh dev --tmux': ENTER,
  'ws ssh dev --tmux=work': ENTER,
  'ws ssh dev --tmux=agent -- claude': ENTER,
  'ws ssh dev --tmux=job --wait': {
    before: `${MAKE}; ws ssh dev -- "tmux kill-session -t =job 2>/dev/null"; ws ssh dev --tmux=job -d -- true </dev/null`,
  },
  "ws ssh dev --tmux=report -d -- 'claude -p' < prompt.md": { before: 'echo hello > prompt.md' },
  'ws ssh -L 3000 -L 8080:db:80': ENTER,
  'ws ssh -R 5432:localhost:5432': ENTER,
  'ws ssh -D 1080': ENTER,
  'ws ssh -L 3000 --tmux': ENTER,

  // docs/testing.md
  'npm run cluster -- up --name dev': OWN_CLUSTER,
  'npm run cluster -- load "$(bash scripts/image.sh archive)" --name dev': OWN_CLUSTER,
  'export WS_TEST_KUBECONFIG=$(npm run --silent cluster -- kubeconfig --name dev)': OWN_CLUSTER,
  'export PATH=$(npm run --silent cluster -- path):$PATH': OWN_CLUSTER,
  'npm run test:e2e; npm run cluster -- down --name dev': OWN_CLUSTER,

  // docs/troubleshooting.md
  "(echo 'extraCaCertificates:'; echo '  pem: |'; sed 's/^/    /' company-ca.pem) > certificates.yaml": {
    before:
      'openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=company -keyout ca.key -out company-ca.pem 2>/dev/null',
  },

  // docs/commands.md: the examples of the commands. Those of `ws down` come before most others.
  'ws down dev --delete-home': { before: MAKE, types: 'y' },
  'ws down --keep-home': { before: MAKE },
  // The page's job in tmux may still run, which would be asked about.
  'ws stop': { before: MAKE, as: (line) => `${line} --yes` },
  'ws homes rm dev --yes': { before: KEPT },
  'ws keys add ~/.ssh/laptop.pub': { before: `${MAKE}; ${laptop}` },
  'ws keys add "ssh-ed25519 AAAA… me@laptop" --workspace dev': CUT_SHORT,
  // A key of this machine, so it asks.
  'ws keys rm me@old-laptop': { types: 'y' },
  'ws keys rm SHA256:3Xk…': CUT_SHORT,
  'ws logs dev --follow': { until: /server\.ready|ready/ },
  'ws logs --previous --raw | jq .event': { not: 'the container has never restarted' },
  'ws ls --namespace team --json': { as: (line) => line.replace('team', '"$SPACE"') },
  'tar c . | ws ssh -- tar x -C project': { before: 'ws ssh -- mkdir -p project; cd "$(mktemp -d)"; echo x > x' },
  'ws ssh dev < script.sh': { before: 'echo "echo from the script" > script.sh' },
  'ws up dev --storage-class fast --size 20Gi': { before: 'ws down dev --delete-home --yes', as: toSize, ...ENTER },
};

/** What each page presupposes: the workspace that its reader has by then. Pages without a line here need none. */
export const PREPARE: Record<string, string> = {
  'docs/editors.md': MAKE,
  'docs/forwarding.md': MAKE,
  'docs/home.md': MAKE,
  'docs/json.md': '',
  'docs/security.md': MAKE,
  'docs/sessions.md': MAKE,
  'docs/troubleshooting.md': MAKE,
  'docs/commands.md': MAKE,
};

/** Blocks whose lines need each other's shell: they run as one script, by their first line. */
export const TOGETHER: Record<string, Treatment> = {
  'helm install ws-dev': {
    // Another port here, since anybody may have 2222, and a wait, since a script types faster than a person.
    before: 'ws down dev --delete-home --yes >/dev/null 2>&1 || true',
    as: (script) =>
      `${script.replaceAll('2222:2222', '"$PORT":2222').replace('-p 2222', '-p "$PORT"').replace('&\n', '>/dev/null &\nfor i in $(seq 50); do nc -z 127.0.0.1 "$PORT" && break; sleep 0.2; done\n')} echo hello; s=$?; kill %1; exit $s`,
  },
};
