#!/bin/sh
# Makes the secrets of deploy/compose.yaml, once; what is there already stays. Usage: sh deploy/make-secrets.sh [FOLDER]
set -eu
folder=${1:-$(dirname "$0")/secrets}
mkdir -p "$folder"
# Compose shows the files to the containers' users as they are here, so they are readable; the folder is not.
chmod 700 "$folder"

random() {
  head -c 36 /dev/urandom | base64 | tr '+/' '-_' | tr -d '\n='
}

make() {
  if [ ! -e "$folder/$1" ]; then
    printf '%s' "$2" > "$folder/$1"
    chmod 444 "$folder/$1"
    echo "made $folder/$1"
  fi
}

make token-secret "$(random)"
make postgres-password "$(random)"
make database-url "postgres://parley:$(cat "$folder/postgres-password")@postgres:5432/parley"
