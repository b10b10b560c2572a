# shellcheck shell=bash
# Installs Debian packages, only those that are missing. Sourced by deploy/quickstart and tests/run; needs bash alone.

# Prints the names in the given list files that are not installed.
missing_packages() {
  local name
  sed -e 's/#.*//' -e 's/[[:space:]]//g' -e '/^$/d' "$@" | while read -r name; do
    # any nginx will do, and any node with its npm
    if [[ $name == nodejs || $name == npm ]] && command -v "${name%js}" >/dev/null; then continue; fi
    if [[ $name == nginx-light && -x /usr/sbin/nginx ]]; then continue; fi
    if [[ $(dpkg-query -W -f='${db:Status-Status}' "$name" 2>/dev/null) != installed ]]; then echo "$name"; fi
  done
}

check_system() {
  local id='' version=''
  if [[ -r /etc/os-release ]]; then
    id=$(. /etc/os-release && echo "${ID:-}")
    version=$(. /etc/os-release && echo "${VERSION_ID:-}")
  fi
  if [[ $id != debian || $version != 12 ]]; then
    echo "注意：本系统不是 Debian 12（$id $version），软件包名称可能不同。" >&2
    echo "Note: this is not Debian 12 ($id $version); package names may differ." >&2
  fi
  if ! command -v apt-get >/dev/null 2>&1 || ! command -v dpkg-query >/dev/null 2>&1; then
    echo "找不到 apt-get，无法检查软件包。 apt-get not found, packages cannot be checked." >&2
    return 1
  fi
}

# install_missing LIST… : returns 0 when everything is there afterwards.
install_missing() {
  local -a names=() as_root=()
  mapfile -t names < <(missing_packages "$@")
  if ((${#names[@]} == 0)); then return 0; fi
  if ((EUID != 0)); then
    if ! command -v sudo >/dev/null 2>&1; then
      echo "缺少下列软件包，请以 root 安装（this machine lacks sudo; install as root）：" >&2
      echo "  apt-get install --no-install-recommends ${names[*]}" >&2
      return 1
    fi
    as_root=(sudo)
    echo "安装软件包需要 sudo。 sudo is needed to install packages."
  fi
  echo "安装 ${#names[@]} 个软件包（installing）：${names[*]}"
  "${as_root[@]}" apt-get update -q </dev/null
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -q --no-install-recommends "${names[@]}" </dev/null
}

# As install_missing, but services that come with the packages are not started: they would take the ports.
install_without_services() (
  policy=/usr/sbin/policy-rc.d as_root=()
  if ((EUID != 0)); then as_root=(sudo); fi
  if [[ -z $(missing_packages "$@") ]]; then exit 0; fi
  if [[ ! -e $policy ]] && command -v "${as_root[0]:-sh}" >/dev/null; then
    trap '"${as_root[@]}" rm -f "$policy"' EXIT
    trap 'exit 130' INT TERM
    printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
    "${as_root[@]}" chmod 0755 "$policy"
  fi
  install_missing "$@"
)

# How many compilers may run at once: one a core, and 1.5 GB of free memory for each.
build_jobs() {
  local cores memory
  cores=$(nproc)
  memory=$(($(awk '/^MemAvailable/ { print $2 }' /proc/meminfo) / 1500000))
  if ((memory < 1)); then memory=1; fi
  echo $((cores < memory ? cores : memory))
}
