#!/bin/bash
# Prints all that a program can see of how it was started. Run by bash, which has changed nothing of it yet. Tests run it
# thousands of times: what bash can read itself is not left to other programs.
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
section 'namespaces, working directory, root, descriptors'
# 255 is bash's own: this script.
find /proc/$$/ns /proc/$$/cwd /proc/$$/root /proc/$$/fd -type l ! -name 255 -printf '%f %l\n' 2>&1
for entry in /proc/$$/fdinfo/*; do
  [[ ${entry##*/} == 255 || ! -e $entry ]] && continue
  while read -r name value; do [[ $name == flags: ]] && echo "${entry##*/} $value"; done <"$entry"
done
section process
echo "arguments: $0 $*"
echo "is first: $([[ $$ == 1 ]] && echo yes || echo no)"
umask
section limits
echo "$(</proc/$$/limits)"
section environment
# Bash exports in no particular order, and capital letters are numbers of processes.
mapfile -t -d '' variables </proc/$$/environ
for variable in "${variables[@]}"; do
  [[ $variable == [A-Z]=* || $variable == targets=* ]] || echo "$variable"
done | sort
section mounts
mapfile -t mounts </proc/$$/mountinfo
for mount in "${mounts[@]}"; do
  [[ $mount == *' /mnt/programs'* ]] || echo "${mount#* * * }"
done
