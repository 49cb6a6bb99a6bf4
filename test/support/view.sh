#!/bin/bash
# Prints all that a program can see of how it was started. Run by bash, which has changed nothing of it yet.
status=$(</proc/$$/status)
section() { echo "[$1]"; }
# The lines of $status that begin with one of the names.
facts() {
  local name line
  for name; do while read -r line; do [[ $line == "$name":* ]] && echo "$line"; done <<<"$status"; done
}
section identity
facts Uid Gid Groups NoNewPrivs Seccomp CapInh CapPrm CapEff CapBnd CapAmb
section signals
facts SigBlk SigIgn
section 'user namespace'
for file in uid_map gid_map setgroups timens_offsets; do echo "$file: $(</proc/$$/$file)"; done
section namespaces
for kind in user cgroup ipc uts net pid pid_for_children mnt time time_for_children; do
  echo "$kind $(readlink /proc/$$/ns/$kind 2>&1)"
done
section process
echo "arguments: $0 $*"
echo "is first: $([[ $$ == 1 ]] && echo yes || echo no)"
umask
section folders
echo "working directory: $(readlink /proc/$$/cwd)"
echo "root: $(readlink /proc/$$/root)"
section limits
cat /proc/$$/limits
section descriptors
for descriptor in /proc/$$/fd/*; do
  [[ ${descriptor##*/} == 255 ]] && continue # bash's own: this script
  flags=$(sed -n 's/^flags:\t//p' /proc/$$/fdinfo/${descriptor##*/})
  echo "${descriptor##*/} $flags $(readlink "$descriptor")"
done
section environment
# Bash exports in no particular order, and capital letters are numbers of processes.
tr '\0' '\n' </proc/$$/environ | grep -v -e '^[A-Z]=' -e ^targets= | sort
section mounts
cut -d' ' -f4- /proc/$$/mountinfo | grep -v ' /mnt/programs'
