# Completion for fish. At every TAB the program itself is asked what may come next; see tsip-completion(8).
# Names of devices and namespaces are data here: nothing that they contain is expanded or run.

function __tsip_completion
    set -l before (commandline -opc)
    set -l current (commandline -ct)
    set -l program (string replace -r '^~/' "$HOME/" -- $before[1])
    for line in ($program --get-yargs-completions fish $before[2..] "$current" 2>/dev/null </dev/null)
        if not string match -q -- \t'*' $line
            echo -- $line
            continue
        end
        set -l parts (string split \t -- $line)
        switch $parts[2]
            case files
                __tsip_paths (string unescape -- $current; or echo -- $current) "$parts[3]" ''
            case folders
                __tsip_paths (string unescape -- $current; or echo -- $current) "$parts[3]" '*/'
            case command
                complete -C (string join ' ' -- (string escape -- $before[(math $parts[3] + 1)..]) $current)
        end
    end
end

# Paths that begin with $argv[1] after the prefix $argv[2]; only those that match $argv[3] if that is not empty.
function __tsip_paths
    set -l path (string replace -- "$argv[2]" '' $argv[1])
    for line in (complete -C "'' "(string escape -- $path))
        set -l found (string split -m 1 \t -- $line)
        if test -z "$argv[3]"; or string match -q -- $argv[3] $found[1]
            echo -- $argv[2]$found[1]
        end
    end
end

for program in tsip tsnsenter tsunshare
    complete -c $program -f -a '(__tsip_completion)'
end
