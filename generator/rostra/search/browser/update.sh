#!/bin/sh
# Replace SQLite's WebAssembly build by another version of it: sh update.sh VERSION
# VERSION is one of `npm view @sqlite.org/sqlite-wasm versions`.  Needs npm; the tests in tests/browser tell whether it works.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y > /dev/null
npm install --silent "@sqlite.org/sqlite-wasm@$1" esbuild@0.28.2
cat > entry.mjs << 'END'
import sqlite3InitModule from "@sqlite.org/sqlite-wasm";
globalThis.sqlite3InitModule = sqlite3InitModule;
END
npx esbuild entry.mjs --bundle --format=esm --minify --legal-comments=eof --outfile="$here/sqlite3.js"
cp node_modules/@sqlite.org/sqlite-wasm/dist/sqlite3.wasm "$here/"
