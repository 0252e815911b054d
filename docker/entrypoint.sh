#!/bin/sh
# Starts one part of the house: `serve`, `worker`, or any other command of hejie.
# The part that serves brings the database up to date first; Alembic takes a lock, so that several may try at once.
set -eu
: "${HEJIE_DATABASE_URL:?set HEJIE_DATABASE_URL to the PostgreSQL that Hejie shall use}"
if [ "${1:-serve}" = serve ]; then
  hejie db upgrade
  if [ "${HEJIE_DEMO:-0}" = 1 ]; then hejie demo load; fi
fi
exec hejie "$@"
