# Sourced at the root of the checkout, by scripts that measure or score on a cluster: installs what is missing, puts the
# tools on PATH, forgets what the user has set, and builds the app.
bash scripts/setup.sh npm
bash scripts/setup.sh apt
bash scripts/setup.sh toolchain
PATH=$PWD/node_modules/.bin:$(bash scripts/cluster.sh path):$PATH
export PATH
unset WS_CONTEXT WS_NAMESPACE WS_CONFIG_DIR WS_SHARE WS_IDENTITY WS_WORKSPACE
node scripts/build.ts app
