"""A whole S3-compatible store for tests: OpenStack Swift with its S3 layer, in one folder, on loopback.

Usage: python3 store.py FOLDER. Prints one line with its address once it answers; ends when its standard input does.
"""

import os
import pwd
import signal
import socket
import sys
import time

from swift.cli import ringbuilder
from swift.common.wsgi import run_wsgi

folder = sys.argv[1]
kinds = ["account", "container", "object"]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def write(name, text):
    path = os.path.join(folder, name)
    with open(path, "w") as file:
        file.write(text)
    return path


def ring(kind, port):
    builder = os.path.join(folder, kind + ".builder")
    for arguments in (["create", "4", "1", "0"], ["add", f"r1z1-127.0.0.1:{port}/d1", "1"], ["rebalance"]):
        try:
            ringbuilder.main(["swift-ring-builder", builder] + arguments)
        except SystemExit as end:
            if end.code not in (0, None):
                raise


def quietly(work):
    out = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    try:
        work()
    finally:
        os.dup2(out, 1)
        os.close(out)


def start(config, section, **options):
    pid = os.fork()
    if pid == 0:
        null = os.open(os.devnull, os.O_RDWR)
        os.dup2(null, 0)
        os.dup2(null, 1)
        os._exit(run_wsgi(config, section, **options) or 0)
    return pid


ports = {kind: free_port() for kind in kinds}
proxy = free_port()
os.makedirs(os.path.join(folder, "devices/d1"))
write("swift.conf", "[swift-hash]\nswift_hash_path_suffix = tests\n")
quietly(lambda: [ring(kind, port) for kind, port in ports.items()])

shared = f"""swift_dir = {folder}
bind_ip = 127.0.0.1
workers = 0
user = {pwd.getpwuid(os.getuid()).pw_name}
log_level = ERROR
"""
configs = {
    kind: write(
        kind + "-server.conf",
        f"""[DEFAULT]
{shared}bind_port = {ports[kind]}
devices = {folder}/devices
mount_check = false
fallocate_reserve = 0
[pipeline:main]
pipeline = {kind}-server
[app:{kind}-server]
use = egg:swift#{kind}
""",
    )
    for kind in kinds
}
before = "catch_errors proxy-logging cache bulk s3api tempauth slo dlo symlink versioned_writes"
settings = {
    "cache": "use = egg:swift#memcache\nmemcache_servers = 127.0.0.1:1\n",  # nobody there: none is needed
    "tempauth": "use = egg:swift#tempauth\nuser_test_tester = testing .admin\n",
}
filters = {name: settings.get(name, f"use = egg:swift#{name.replace('-', '_')}\n") for name in before.split()}
proxy_config = write(
    "proxy-server.conf",
    f"""[DEFAULT]
{shared}bind_port = {proxy}
[pipeline:main]
pipeline = {before} proxy-logging proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
allow_account_management = true
"""
    + "".join(f"[filter:{name}]\n{text}" for name, text in filters.items()),
)

# Swift reads its own folder from the environment of its library.
import swift.common.utils as utils  # noqa: E402

utils.SWIFT_CONF_FILE = os.path.join(folder, "swift.conf")
children = [start(configs[kind], kind + "-server") for kind in kinds]
children.append(start(proxy_config, "proxy-server"))


def answers(port):
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
        return True
    except OSError:
        return False


for port in [*ports.values(), proxy]:
    for _ in range(300):
        if answers(port):
            break
        time.sleep(0.1)
print(f"http://127.0.0.1:{proxy}", flush=True)
sys.stdin.read()
for pid in children:
    os.kill(pid, signal.SIGTERM)
