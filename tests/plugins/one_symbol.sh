#!/bin/sh
# usage: one_symbol.sh LIBRARY: fails when it exports anything but yimen_plugin_v1.
found=$(nm -D --defined-only "$1" | awk '{ print $3 }' | tr '\n' ' ')
[ "$found" = "yimen_plugin_v1 " ] || { echo "$1 exports: $found" >&2; exit 1; }
