#!/bin/sh
# Write a Debian 12 root file system with Python 3.11 to standard output, as a tar file.
# The fallback for machines that reach Debian's packages but no image registry; needs root and
# debootstrap. About 45 seconds.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' INT TERM

debootstrap --variant=minbase --include=python3,python3-venv,python3-pip,ca-certificates \
    bookworm "$folder" >&2

# debootstrap copies these two from the machine it runs on.
rm -f "$folder/etc/resolv.conf" "$folder/etc/hostname"
rm -rf "$folder"/var/lib/apt/lists/* "$folder"/var/cache/apt/*
tar --numeric-owner --one-file-system -C "$folder" -c .
