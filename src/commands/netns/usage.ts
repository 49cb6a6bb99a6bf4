/** The usage text of `ip netns`, in our own words. */
export const NETNS_USAGE = `Usage: ip netns [list]                        names, with ids where there are any
       ip --table netns [list]                all namespaces, named or not, and who is in them
       ip netns add NAME                      a new network namespace
       ip netns add --if-absent NAME          the same unless there is one of that name
       ip netns attach NAME PID               a name for the namespace of a process
       ip [-all] netns delete [NAME]          remove a name, or all
       ip netns delete --if-present NAME...   remove names that are there
       ip netns delete --wait[=SECONDS] [--kill[=SIGNAL]] NAME
                                              remove a name, end who is inside, wait for the end
       ip netns return [NAME...]              bring devices back that 'link set DEV netns NAME --return' moved
       ip netns prune [--dry-run]             remove files that are no namespaces any more
       ip [-all] netns exec [NAME] PROGRAM [ARGUMENT...]
                                              run a program in one namespace, or in each
       ip netns exec [--user=USER] [--group=GROUP] [--keep-caps] [--env-clean] [--timeout=SECONDS]
                     NAME PROGRAM [ARGUMENT...]
                                              the same as another user, or for some time only
       ip -all netns exec --parallel=N PROGRAM [ARGUMENT...]
                                              in N namespaces at once, with a table of how each ended
       ip netns identify [PID]                the name of a process's namespace
       ip netns pids NAME                     the processes in a namespace
       ip netns set NAME NSID                 give a namespace an id
       ip netns list-id [target-nsid N] [nsid N]
                                              ids, or those that namespace N gives
       ip netns monitor                       report names made and removed
       ip netns help
NSID := auto | N, N not negative`;
