# /connections/{id}/access-token of tokens that need no refresh, which reads one row, beside what PostgreSQL does of the same reads by
# itself, and beside a bare route of ASP.NET that does the same read.

# Connections of the gateway's pool. Everyone reads over as many. With more, two cores read less.
POOL=20

ACCESS_TOKEN_KEY='only-for-measuring-an-internal-api-key'

# The server's programs: Debian keeps them off PATH, and they refuse to run as root.
postgres_program() { # name
  command -v "$1" || ls -d /usr/lib/postgresql/*/bin/"$1" 2>/dev/null | sort -V | tail -n 1
}

as_postgres() {
  local wrap=()
  ((EUID != 0)) || wrap=(setpriv --reuid=postgres --regid=postgres --clear-groups --)
  (cd / && exec "${wrap[@]}" "$@")
}

start_postgres() { # port
  local folder="$WORK/postgres-$1" tries
  mkdir -p "$folder"
  ((EUID != 0)) || chown postgres "$folder"
  as_postgres "$(postgres_program initdb)" -D "$folder/data" -U postgres -A trust -E UTF8 --locale=C --no-sync >"$WORK/initdb.log" 2>&1 ||
    fail "initdb failed: $(tail -n 5 "$WORK/initdb.log")"
  local wrap=()
  ((EUID != 0)) || wrap=(setpriv --reuid=postgres --regid=postgres --clear-groups --)
  start postgres "${wrap[@]}" "$(postgres_program postgres)" -D "$folder/data" \
    -c listen_addresses=127.0.0.1 -c port="$1" -c unix_socket_directories="$folder"
  for ((tries = 0; tries < 300; tries++)); do
    psql -qAt "postgresql://postgres@127.0.0.1:$1/postgres" -c 'SELECT 1' >/dev/null 2>&1 && return 0
    sleep 0.1
  done
  tail -n 20 "$WORK/postgres.log" >&2
  fail "PostgreSQL does not answer"
}

measure_access-token() {
  local round port bare_port bare_url postgres_port url key figures selects
  say "access-token: starting"
  free_port postgres_port
  free_port port
  start_postgres "$postgres_port"
  url="postgresql://postgres@127.0.0.1:$postgres_port/postgres"
  key="bench:$(head -c 32 /dev/urandom | base64 -w 0)"
  start_static_backend
  start_published gateway "$ARTIFACTS/gateway" "$port" "$BACKEND_PORT" \
    DATABASE_URL="$url" TOKEN_ENCRYPTION_KEYS="$key" INTERNAL_API_KEY="$ACCESS_TOKEN_KEY"
  await_schema "$url"
  "$ARTIFACTS/tools/bench-tools" connections "$key" "$USERS" |
    psql -q "$url" -c 'COPY fathom_connections (user_id, grant_id, version, access_token, refresh_token,
      connected_at, issued_at, expires_at, updated_at) FROM STDIN' -c 'ANALYZE fathom_connections'
  sed "s/USERS/$USERS/" "$BENCH/lib/access-token.sql" >"$WORK/access-token.sql"
  local address="http://127.0.0.1:$MANAGEMENT_PORT/connections" script="$BENCH/lib/wrk-access-token.lua"
  curl -sf -o /dev/null -H "Authorization: Bearer $ACCESS_TOKEN_KEY" "$address/000000000000000000000000/access-token" ||
    fail "the gateway hands out no access token"
  load "${GROUP[gateway]}" "$address" 64 "$ACCESS_TOKEN_WARMUP" "$script" "$ACCESS_TOKEN_KEY" "$USERS" >/dev/null
  start_bare_store bare_port /connections/000000000000000000000000/access-token \
    POSTGRES="Host=127.0.0.1;Port=$postgres_port;Username=postgres;Database=postgres;Maximum Pool Size=$POOL;No Reset On Close=true"
  bare_url="http://127.0.0.1:$bare_port/connections"
  load "${GROUP[bare-store]}" "$bare_url" 64 "$ACCESS_TOKEN_WARMUP" "$script" "$ACCESS_TOKEN_KEY" "$USERS" >/dev/null
  for ((round = 0; round < ACCESS_TOKEN_ROUNDS; round++)); do
    time_left access-token "$ACCESS_TOKEN_ENDS" "$round" || break
    figures=$(load "${GROUP[gateway]}" "$address" 64 3 "$script" "$ACCESS_TOKEN_KEY" "$USERS")
    record_access_token "$round" $figures
    figures=$(load "${GROUP[bare-store]}" "$bare_url" 64 3 "$script" "$ACCESS_TOKEN_KEY" "$USERS")
    record_bare_store access-token "$round" $figures
    selects=$(timeout 60 pgbench -n -M extended -c "$POOL" -j 1 -T 3 -f "$WORK/access-token.sql" "$url" 2>"$WORK/pgbench.log" |
      awk '/^tps = / { print $3 }') ||
      fail "pgbench failed: $(head -n 3 "$WORK/pgbench.log")"
    record postgres select "$round" "$selects"
    say "access-token: round $((round + 1)) of $ACCESS_TOKEN_ROUNDS"
  done
  stop_all
}

await_schema() { # url
  local tries
  for ((tries = 0; tries < 300; tries++)); do
    psql -qAt "$1" -c 'SELECT issued_at FROM fathom_connections LIMIT 0' >/dev/null 2>&1 && return 0
    sleep 0.1
  done
  tail -n 20 "$WORK/gateway.log" >&2
  fail "the gateway makes no table"
}

record_access_token() { # round cpu rps p50 p99 p99.9 errors
  record gateway access-token "$1" "$3"
  record gateway access-token-cpu "$1" "$2"
  record gateway access-token-p99 "$1" "$5"
  record gateway access-token-errors "$1" "$7"
}
