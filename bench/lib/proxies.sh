# The backend that everyone forwards to, and how each contender is started.

# Two workers where there are two cores: what an operator of a small machine would set, and what the .NET contenders take by themselves.
WORKERS=2

# Per worker. nginx sets memory aside for each, so there are no more than the load needs.
NGINX_CONNECTIONS=2048

# What nginx needs to run from a folder of its own, in the foreground.
nginx_head() { # folder workers
  mkdir -p "$1/tmp"
  cat <<END
user $(id -un);
worker_processes $2;
daemon off;
pid $1/nginx.pid;
error_log stderr warn;
events { worker_connections $NGINX_CONNECTIONS; }
END
}

nginx_paths() { # folder
  local kind
  for kind in client_body proxy fastcgi uwsgi scgi; do echo "  ${kind}_temp_path $1/tmp/$kind;"; done
}

# Static answers of 1 KB and 64 KB by nginx: the cheapest backend there is, so that the proxies are what is measured.
start_static_backend() {
  local folder="$WORK/static"
  mkdir -p "$folder/files"
  head -c 1024 /dev/zero | tr '\0' a >"$folder/files/1k"
  head -c 65536 /dev/zero | tr '\0' b >"$folder/files/64k"
  free_port BACKEND_PORT
  {
    nginx_head "$folder" 1
    cat <<END
http {
  access_log off;
  default_type text/plain;
  sendfile on;
  open_file_cache max=16;
  keepalive_requests 100000000;
  keepalive_timeout 1h;
$(nginx_paths "$folder")
  server {
    listen 127.0.0.1:$BACKEND_PORT backlog=4096;
    root $folder/files;
    location = /status { stub_status; }
  }
}
END
  } >"$folder/nginx.conf"
  start backend nginx -p "$folder" -e stderr -c "$folder/nginx.conf"
  await_answer backend "http://127.0.0.1:$BACKEND_PORT/1k"
}

# Bodies of any length and WebSockets by a program of our own.
start_stream_backend() {
  free_port BACKEND_PORT
  start backend "$ARTIFACTS/tools/bench-tools" backend "$BACKEND_PORT"
  await_answer backend "http://127.0.0.1:$BACKEND_PORT/ready"
}

# nginx as a careful operator sets it: connections to the backend kept alive, no limit on bodies, WebSockets passed.
# Bodies stream in both directions and never go by way of a disk; both spare nginx work.
start_nginx() { # port backend-port
  local folder="$WORK/nginx"
  mkdir -p "$folder"
  {
    nginx_head "$folder" $WORKERS
    cat <<END
http {
  access_log off;
  keepalive_requests 100000000;
  keepalive_timeout 1h;
  client_max_body_size 0;
$(nginx_paths "$folder")
  upstream backend { server 127.0.0.1:$2; keepalive 256; keepalive_requests 100000000; keepalive_timeout 1h; }
  map \$http_upgrade \$connection_upgrade { default upgrade; '' ''; }
  server {
    listen 127.0.0.1:$1 backlog=4096;
    location / {
      proxy_pass http://backend;
      proxy_http_version 1.1;
      proxy_set_header Upgrade \$http_upgrade;
      proxy_set_header Connection \$connection_upgrade;
      proxy_request_buffering off;
      proxy_max_temp_file_size 0;
      proxy_read_timeout 1h;
      proxy_send_timeout 1h;
    }
  }
}
END
  } >"$folder/nginx.conf"
  start nginx nginx -p "$folder" -e stderr -c "$folder/nginx.conf"
}

start_haproxy() { # port backend-port
  cat >"$WORK/haproxy.cfg" <<END
global
  nbthread $WORKERS
  maxconn $(($(ulimit -n) / 2 - 200))
defaults
  mode http
  timeout connect 15s
  timeout client 1h
  timeout server 1h
  timeout tunnel 1h
frontend public
  bind 127.0.0.1:$1 backlog 4096
  default_backend only
backend only
  server only 127.0.0.1:$2
END
  start haproxy haproxy -db -f "$WORK/haproxy.cfg"
}

# Caddy as an API has it: no interface for administration, and no access log, which is off by itself. It keeps as many connections
# to the backend as nginx does, where its own default of 32 would open new ones all the time. It takes any Host.
start_caddy() { # port backend-port
  local folder="$WORK/caddy"
  mkdir -p "$folder"
  cat >"$folder/Caddyfile" <<END
{
  admin off
  auto_https off
  log {
    level WARN
  }
  servers {
    protocols h1
  }
}
http://:$1 {
  bind 127.0.0.1
  reverse_proxy 127.0.0.1:$2 {
    transport http {
      versions 1.1
      keepalive 1h
      keepalive_idle_conns_per_host 256
    }
  }
}
END
  start caddy env HOME="$folder" XDG_CONFIG_HOME="$folder" XDG_DATA_HOME="$folder" GOMAXPROCS=$WORKERS \
    caddy run --config "$folder/Caddyfile" --adapter caddyfile
}

start_express() { # port backend-port
  start express env NODE_ENV=production PORT="$1" BACKEND_URL="http://127.0.0.1:$2" node "$ARTIFACTS/express/server.js"
}

declare -A MANAGEMENT_PORTS=() # name of a published contender -> where its metrics would be

# The gateway with everything in its own process, and YARP by itself: both take BACKEND_URL and PORT.
start_published() { # name folder port backend-port [VARIABLE=value...]
  local name=$1 folder=$2 port=$3 backend=$4 program
  shift 4
  program=$(published_program "$folder") || fail "$folder is no published folder"
  free_port MANAGEMENT_PORT
  MANAGEMENT_PORTS[$name]=$MANAGEMENT_PORT
  mkdir -p "$WORK/$name"
  start "$name" env -C "$WORK/$name" -u REDIS_URL -u DATABASE_URL \
    PORT="$port" PUBLIC_HOST=127.0.0.1 MANAGEMENT_PORT="$MANAGEMENT_PORT" BACKEND_URL="http://127.0.0.1:$backend" \
    EMBEDDED=true DATA_DIR="$WORK/$name/data" JWT_SECRET="$JWT_SECRET" \
    FATHOM_CLIENT_ID=bench FATHOM_CLIENT_SECRET=bench FATHOM_REDIRECT_URI=https://gateway.example/fathom/callback \
    FRONTEND_URL=https://app.example \
    "$@" "$program"
}

start_contender() { # name port backend-port
  case $1 in
    nginx) start_nginx "$2" "$3" ;;
    haproxy) start_haproxy "$2" "$3" ;;
    caddy) start_caddy "$2" "$3" ;;
    express) start_express "$2" "$3" ;;
    *) start_published "$1" "$ARTIFACTS/$1" "$2" "$3" ;;
  esac
}

# Signs the users' JWTs of the run; worth nothing outside it.
JWT_SECRET="only-for-measuring-$RANDOM-$RANDOM-$RANDOM-$RANDOM-0123456789"
