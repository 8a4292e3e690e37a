# shellcheck shell=bash
# The namespaces that the cluster lives in, and what is put back when it is gone.

: "${run:?place.sh comes first}" "${bin:?}" "${node_ip:?}"

# Folders that the kubelet and the network plugins write to whatever they are told.
fixed_folders=(/var/lib/kubelet /var/lib/cni /var/log/containers /var/log/pods)
# What the kubelet sets for the whole machine.
kernel_settings=(vm.overcommit_memory vm.panic_on_oom kernel.panic kernel.panic_on_oops kernel.keys.root_maxkeys kernel.keys.root_maxbytes)

open_room() {
  mkdir -p "$run"/{pids,logs,home,pki,secrets,volumes}
  chmod 700 "$run/secrets" "$run/pki"
  sysctl "${kernel_settings[@]}" >"$run/sysctl.before" 2>/dev/null || true
  make_fixed_folders
  unshare --mount --pid --net --fork --mount-proc "$bin/pause" </dev/null >/dev/null 2>&1 9>&- &
  eventually 10 "the namespaces" first_process $!
  mounts
  network
}

# unshare's child is the first process of the namespace.
first_process() {
  local child
  child=$(pgrep --parent "$1" --exact pause) && echo "$child" >"$run/init"
}

make_fixed_folders() {
  local folder
  for folder in "${fixed_folders[@]}"; do
    [[ -d $folder ]] || { mkdir -p "$folder" && echo "$folder" >>"$run/folders.made"; }
  done
}

# What is written outside of the run folder is written into memory that goes with the namespace.
mounts() {
  local folder
  for folder in /run "${fixed_folders[@]}"; do
    contained mount -t tmpfs tmpfs "$folder"
  done
  contained mount --make-rshared /
}

# The node's address is on a pair of its own; the default route leads there, so that the addresses of services can be translated.
network() {
  inside ip link set lo up
  inside ip link add node0 type veth peer name node0p
  inside ip link set node0p up
  inside ip addr add "$node_ip/24" dev node0
  inside ip link set node0 up
  inside ip route add default dev node0
  inside sysctl -qw net.ipv4.ip_forward=1
  inside sysctl -qw net.bridge.bridge-nf-call-iptables=1 2>/dev/null || true
}

close_room() {
  if is_up; then
    kill -KILL "$(cat "$run/init")"
    eventually 20 "the first process ends" refuses is_up
  fi
  eventually 20 "the control groups are empty" remove_control_groups
  if [[ -f $run/sysctl.before ]]; then sysctl -q -p "$run/sysctl.before" || true; fi
  if [[ -f $run/folders.made ]]; then tac "$run/folders.made" | xargs -r rmdir -p --ignore-fail-on-non-empty; fi
  eventually 20 "the run folder can be removed" rm -rf "$run"
}

# Only those that this kubelet and this containerd make.
remove_control_groups() {
  local group
  for group in /sys/fs/cgroup/{,*/}{kubepods,k8s.io}; do
    [[ ! -d $group ]] || find "$group" -depth -type d -exec rmdir {} +
  done
}
