#!/usr/bin/env python3
"""Records the Linux kernel talking to itself: two network namespaces, a TAP device in each, and
between them a wire of ours that delays, loses and reorders by a seed. What one of the two sends and
receives is written as a nanosecond pcap, captured where its own segments have not been lost yet and
those of the other already have. Frames on a TAP carry complete checksums and are no longer than the
MTU. Needs root, or user namespaces (unshare -Urn).

Usage: record_kernel.py FILE [--bytes N] [--back N] [--loss P] [--reorder P] [--seed N]
                        [--connections N] [--sysctl NAME=VALUE]... [--at 0|1]
"""
import argparse
import ctypes
import fcntl
import heapq
import os
import random
import select
import socket
import struct
import subprocess
import time

CLONE_NEWNET = 0x40000000
TUNSETIFF = 0x400454CA
IFF_TAP, IFF_NO_PI = 2, 0x1000
MACS = (b"\x02\0\0\0\0\x01", b"\x02\0\0\0\0\x02")
IPS = ("10.9.0.1", "10.9.0.2")


def arguments():
    p = argparse.ArgumentParser()
    p.add_argument("file")
    p.add_argument("--bytes", type=int, default=40000)
    p.add_argument("--back", type=int, default=3000)
    p.add_argument("--loss", type=float, default=0)
    p.add_argument("--reorder", type=float, default=0)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--connections", type=int, default=1)
    p.add_argument("--sysctl", action="append", default=[])
    p.add_argument("--at", type=int, default=0)
    return p.parse_args()


def read_all(sock):
    total = 0
    while piece := sock.recv(65536):
        total += len(piece)
    return total


def serve(a, ready):
    """The second host: reads, answers, closes."""
    listener = socket.create_server((IPS[1], 5001))
    os.write(ready, b"r")
    for _ in range(a.connections):
        sock, _ = listener.accept()
        read_all(sock)
        sock.sendall(random.Random(a.seed + 1).randbytes(a.back))
        sock.close()


def connect(a):
    """The first host: sends, half-closes, reads."""
    for i in range(a.connections):
        sock = socket.create_connection((IPS[1], 5001))
        sock.sendall(random.Random(a.seed + 100 + i).randbytes(a.bytes))
        sock.shutdown(socket.SHUT_WR)
        read_all(sock)
        sock.close()


def host(me, a, channel):
    """In a namespace of its own: makes the device, hands it to the wire, plays its part."""
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    tap = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(tap, TUNSETIFF, struct.pack("16sH22x", b"tap0", IFF_TAP | IFF_NO_PI))
    other = ":".join(f"{b:02x}" for b in MACS[1 - me])
    mine = ":".join(f"{b:02x}" for b in MACS[me])
    for words in (f"link set tap0 address {mine}", "link set tap0 up", "link set lo up",
                  f"addr add {IPS[me]}/24 dev tap0",
                  f"neigh replace {IPS[1 - me]} lladdr {other} nud permanent dev tap0"):
        subprocess.run(["ip", *words.split()], check=True)
    for words in ["net.ipv4.tcp_congestion_control=reno", "net.ipv6.conf.all.disable_ipv6=1"] + a.sysctl:
        name, value = words.split("=")
        with open("/proc/sys/" + name.replace(".", "/"), "w") as f:
            f.write(value)
    socket.send_fds(channel, [b"t"], [tap])
    channel.recv(1)  # go
    if me == 1:
        serve(a, channel.fileno())
    else:
        connect(a)
    os.write(channel.fileno(), b"d")
    channel.recv(1)  # until the wire is quiet


def write_packet(out, frame):
    ns = time.time_ns() - START
    out.write(struct.pack("<IIII", ns // 10**9, ns % 10**9, len(frame), len(frame)) + frame)


def wire(a, taps, channels):
    rng = random.Random(a.seed)
    out = open(a.file, "wb")
    out.write(struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 65535, 1))
    queue, count, done, quiet_at = [], 0, 0, None
    channels[1].send(b"g")
    channels[1].recv(1)  # it listens
    channels[0].send(b"g")
    while quiet_at is None or time.time() < quiet_at:
        wait = max(0, queue[0][0] - time.time()) if queue else 0.05
        readable, _, _ = select.select(taps + (channels if done < 2 else []), [], [], wait)
        for r in readable:
            if r in channels:
                r.recv(1)
                done += 1
                if done == 2:
                    quiet_at = time.time() + 0.7
                continue
            side = taps.index(r)
            frame = os.read(r, 2000)
            if frame[12:14] != b"\x08\0" or frame[23] != 6:
                continue
            if side == a.at:
                write_packet(out, frame)
            if rng.random() < a.loss:
                continue
            late = 0.004 if rng.random() < a.reorder else 0
            count += 1
            heapq.heappush(queue, (time.time() + 0.002 + late, count, 1 - side, frame))
        while queue and queue[0][0] <= time.time():
            _, _, to, frame = heapq.heappop(queue)
            if to == a.at:
                write_packet(out, frame)
            os.write(taps[to], frame)
    out.close()


def main():
    a = arguments()
    channels, taps, children = [], [], []
    for me in (0, 1):
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        pid = os.fork()
        if pid == 0:
            ours.close()
            host(me, a, theirs)
            os._exit(0)
        theirs.close()
        children.append(pid)
        channels.append(ours)
        _, fds, _, _ = socket.recv_fds(ours, 1, 1)
        taps.append(fds[0])
    wire(a, taps, channels)
    for channel in channels:
        channel.close()
    for pid in children:
        os.waitpid(pid, 0)


START = time.time_ns()
main()
