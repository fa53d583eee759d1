#!/bin/sh
# Makes what is missing of the secrets that compose.yaml names, in the folder secrets/ beside it; what is there stays as it is.
# Keep a copy of master.key in another place than the backups: without it no word of a customer can be read.
set -eu
cd "$(dirname "$0")"
mkdir -p secrets
# The containers' users have to read the files; on this machine nobody but you gets into the folder.
chmod 700 secrets
umask 022

make() {
  file=secrets/$1
  shift
  [ -s "$file" ] && return
  "$@" > "$file.new"
  mv "$file.new" "$file"
  echo "$file is made."
}

password() { openssl rand -hex 24; }

for name in postgres threefold temporal; do make "$name.password" password; done
make master.key openssl rand -base64 32
make command.pem openssl genpkey -algorithm ed25519
make token.pem openssl genpkey -algorithm ed25519
# what notices to staff are signed with: give it to the gateway of THREEFOLD_NOTICES_URL
make notices.key echo "whsec_$(openssl rand -base64 32)"
make threefold.env echo "DATABASE_URL=postgres://threefold:$(cat secrets/threefold.password)@postgres:5432/threefold"
make temporal.env printf 'POSTGRES_PWD=%s\nSQL_PASSWORD=%s\n' "$(cat secrets/temporal.password)" "$(cat secrets/temporal.password)"
