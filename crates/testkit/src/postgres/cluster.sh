# Runs one throwaway PostgreSQL server for as long as the process at the other end of standard input lives.
# Arguments: the folder of the server programs, the folder of the cluster. Prints "ready" once it can be used,
# or "failed" with the reason in the log.
# Being its own process it cleans up after an owner that panicked or was killed, which no destructor could.

programs=$1
cluster=$2

# Only the end of the owner ends this script; its last message may find no reader.
trap '' HUP INT TERM PIPE

"$programs/initdb" --pgdata="$cluster/data" --username=turnkeep --pwfile="$cluster/password" \
    --auth=scram-sha-256 --encoding=UTF8 --no-locale --no-sync >>"$cluster/log" 2>&1 &&
    cat "$cluster/settings.conf" >>"$cluster/data/postgresql.conf" &&
    "$programs/pg_ctl" start --silent --wait --pgdata="$cluster/data" --log="$cluster/log" >>"$cluster/log" 2>&1 &&
    echo ready ||
    echo failed

# Returns at once when the owner is gone: its end of the pipe closes with it.
read -r _

"$programs/pg_ctl" stop --silent --mode=immediate --pgdata="$cluster/data" >/dev/null 2>&1
rm -rf "$cluster"
