#!/bin/sh
# Runs in the image's `system` stage: take away what Python does not need to run a notebook.
set -eu

# Programs that change identity, and every other setuid or setgid bit.
find / -xdev -type f -perm /6000 -delete
find / -xdev -type d -perm /6000 -exec chmod a-s {} +

# Folders that everyone may write to; the box mounts what it needs. /tmp is one of its mounts.
for folder in /var/tmp /run/lock; do
    if [ -d "$folder" ]; then chmod go-w "$folder"; fi
done

# Package managers, their lists, caches and installers: nothing is installed here any more.
rm -rf /var/lib/apt /var/lib/dpkg/info /var/cache/* /var/log/* /var/backups/* /etc/apt
rm -rf /usr/bin/apt* /usr/bin/dpkg* /usr/bin/perl* /usr/lib/apt /usr/lib/dpkg /usr/share/perl*
rm -rf /usr/lib/x86_64-linux-gnu/perl* /usr/lib/aarch64-linux-gnu/perl*
for library in /usr/lib/python3 /usr/lib/python3.11 /usr/local/lib/python3.11; do
    rm -rf "$library"/dist-packages/* "$library"/site-packages/* "$library"/ensurepip
done
rm -rf /usr/bin/pip* /usr/local/bin/pip* /usr/share/python-wheels /usr/local/bin/wheel

# Documentation, and what tells one machine from another.
rm -rf /usr/share/doc /usr/share/man /usr/share/info /usr/share/locale /usr/share/lintian
rm -rf /root/.[!.]* /root/* /tmp/* /var/tmp/* /slim.sh
rm -f /etc/machine-id /var/lib/dbus/machine-id
