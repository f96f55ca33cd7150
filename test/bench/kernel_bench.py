#!/usr/bin/env python3
"""Times Jupyter kernels through one client, Debian's jupyter_client.

USAGE
  kernel_bench.py FOLDER ROUNDS NAME ... < KERNELS

FOLDER has a kernelspec for each NAME; each is started ROUNDS times, and once more for the rest; KERNELS is a JSON object: NAME ->
{"first": code, "warm": code, "complete": code up to the cursor}. Prints one JSON line per kernel.

  ready     from the launcher's spawn until kernel_info is answered and what is published is heard; median
  first     the first execution, right after: request to reply and "idle", whichever comes last; median
  warm      the same, once warm: median and 95th percentile of 100
  complete  completion: the first, and the median of 20
  restart   the manager's restart of a kernel that was killed by SIGKILL, until an execution is answered
  rest      memory of the kernel's process and all below it, MB, 3 s after ready; what they share counts once
  ran       the same, 3 s after the first execution
  used      the same, 3 s after all of the above but the restart
"""

import json
import queue
import statistics
import sys
import time

import psutil
import zmq
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager

TIMEOUT = 60


def memory(pid):
    """MB as if nothing else ran: each process's own pages, and those it shares with others once."""
    processes = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    told = [process.memory_full_info() for process in processes]
    return (sum(one.uss for one in told) + max(one.rss - one.uss for one in told)) / 1e6


def wait(client, request):
    """Waits for the reply to a request on shell and its end on iopub."""
    reply = None
    while reply is None:
        message = client.get_shell_msg(timeout=TIMEOUT)
        if message["parent_header"].get("msg_id") == request:
            reply = message
    while True:
        message = client.get_iopub_msg(timeout=TIMEOUT)
        if (
            message["parent_header"].get("msg_id") == request
            and message["msg_type"] == "status"
            and message["content"]["execution_state"] == "idle"
        ):
            return reply["content"]


def execute(client, code):
    start = time.perf_counter()
    content = wait(client, client.execute(code))
    if content["status"] != "ok":
        raise RuntimeError(content)
    return 1000 * (time.perf_counter() - start)


def complete(client, code):
    start = time.perf_counter()
    content = wait(client, client.complete(code))
    if not content["matches"]:
        raise RuntimeError("no completion of " + code)
    return 1000 * (time.perf_counter() - start)


def answered(client):
    """Waits until kernel_info is answered and what is published is heard, however often it must be asked."""
    end = time.perf_counter() + TIMEOUT
    while time.perf_counter() < end:
        asked = client.kernel_info()
        try:
            while client.get_shell_msg(timeout=0.5)["parent_header"].get("msg_id") != asked:
                pass
            while client.get_iopub_msg(timeout=0.02)["parent_header"].get("msg_id") != asked:
                pass
            return
        except queue.Empty:
            continue
    raise RuntimeError("the kernel does not answer")


def measure(folder, name, codes, quick):
    specs = KernelSpecManager(kernel_dirs=[folder])
    context = zmq.Context()
    # The client's own pause between attempts to connect is 100 ms: it would be most of what is timed.
    context.setsockopt(zmq.RECONNECT_IVL, 5)
    manager = KernelManager(kernel_name=name, kernel_spec_manager=specs, context=context)
    result = {"name": name}
    start = time.perf_counter()
    manager.start_kernel(stdout=2, stderr=2)
    client = manager.client()
    client.start_channels()
    try:
        answered(client)
        result["ready"] = 1000 * (time.perf_counter() - start)
        if quick:
            result["first"] = execute(client, codes["first"])
            return result
        pid = manager.provisioner.pid
        time.sleep(3)
        result["rest"] = memory(pid)
        execute(client, codes["first"])
        time.sleep(3)
        result["ran"] = memory(pid)
        warm = [execute(client, codes["warm"]) for _ in range(120)][20:]
        result["warm"] = statistics.median(warm)
        result["warm95"] = sorted(warm)[94]
        result["completeFirst"] = complete(client, codes["complete"])
        result["complete"] = statistics.median(complete(client, codes["complete"]) for _ in range(20))
        time.sleep(3)
        result["used"] = memory(pid)
        psutil.Process(pid).kill()
        while manager.is_alive():
            time.sleep(0.005)
        start = time.perf_counter()
        manager.restart_kernel(now=True)
        answered(client)
        execute(client, codes["warm"])
        result["restart"] = 1000 * (time.perf_counter() - start)
        return result
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def main():
    folder, rounds, *names = sys.argv[1:]
    codes = json.load(sys.stdin)
    for name in names:
        try:
            starts = [measure(folder, name, codes[name], True) for _ in range(int(rounds))]
            result = measure(folder, name, codes[name], False)
            for key in ("ready", "first"):
                result[key] = statistics.median(one[key] for one in starts)
            print(json.dumps(result), flush=True)
        except Exception as error:
            print(json.dumps({"name": name, "error": f"{type(error).__name__}: {error}"}), flush=True)


if __name__ == "__main__":
    main()
