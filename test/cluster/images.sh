# The two images a cluster needs of its own, made from static programs of the distribution, without a registry. Sourced.

# make_image FILE NAME PROGRAM PATH_IN_IMAGE COMMAND_JSON [LINK...]: a docker archive with one program in it.
make_image() {
  local file=$1 name=$2 program=$3 path=$4 command=$5 work layer
  shift 5
  work=$(mktemp -d)
  mkdir -p "$work/root/$(dirname "$path")" "$work/root/tmp" "$work/archive"
  cp "$program" "$work/root/$path"
  local link
  for link in "$@"; do ln -s "/$path" "$work/root/$(dirname "$path")/$link"; done
  tar --sort=name --owner=0 --group=0 --mtime=@0 -C "$work/root" -cf "$work/archive/layer.tar" .
  layer=$(sha256sum "$work/archive/layer.tar" | cut -d' ' -f1)
  printf '{"architecture":"%s","os":"linux","config":{"Entrypoint":%s},"rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}' \
    "$(go_architecture)" "$command" "$layer" >"$work/archive/config.json"
  printf '[{"Config":"config.json","RepoTags":["%s"],"Layers":["layer.tar"]}]' "$name" >"$work/archive/manifest.json"
  tar -C "$work/archive" -cf "$file" manifest.json config.json layer.tar
  rm -rf "$work"
}

go_architecture() {
  case $(uname -m) in x86_64) echo amd64 ;; aarch64) echo arm64 ;; *) uname -m ;; esac
}

load_own_images() {
  make_image "$STATE/pause.tar" localhost/pause:1 /usr/bin/catatonit pause '["/pause","-P"]'
  make_image "$STATE/shell.tar" localhost/shell:1 /bin/busybox bin/busybox '["/bin/sh"]' sh mkdir rm chmod
  load_image "$STATE/pause.tar"
  load_image "$STATE/shell.tar"
  rm "$STATE/pause.tar" "$STATE/shell.tar"
}

# load_archive FILE: nothing when it is the one that was loaded last, which takes seconds per gigabyte to find out otherwise.
load_archive() {
  local mark
  mark=$(stat -c '%n %s %Y' "$1")
  [ "$(cat "$STATE/loaded" 2>/dev/null)" != "$mark" ] || return 0
  load_image "$1" || return
  echo "$mark" >"$STATE/loaded"
}

# Its words are shown only when it fails: it warns of old control groups each time.
load_image() {
  local output
  output=$("$BIN/ctr" -a "$STATE/containerd.sock" -n k8s.io images import "$1" 2>&1) || { say "$output"; return 1; }
}
