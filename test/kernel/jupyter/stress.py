"""A client that is not ours floods, interrupts, restarts and kills the kernel "simile" that the environment names."""

import os
import queue
import re
import signal
import time
import unittest

from jupyter_client import BlockingKernelClient, KernelManager

ROUNDS = int(os.environ.get("STRESS_ROUNDS", "2"))
PATIENCE = 60


def until(holds, what):
    """Waits until a condition holds."""
    end = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > end:
            raise AssertionError(f"{what} did not come to be in {PATIENCE} s")
        time.sleep(0.01)


def lives(pid):
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


class Stress(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.manager = KernelManager(kernel_name="simile")
        cls.manager.start_kernel()
        cls.client = cls.connected(cls.manager.client())

    @classmethod
    def tearDownClass(cls):
        cls.client.stop_channels()
        cls.manager.shutdown_kernel(now=True)

    @staticmethod
    def connected(client):
        client.start_channels()
        client.wait_for_ready(timeout=PATIENCE)
        return client

    def next_of(self, parent):
        """The next published message that belongs to a request."""
        while True:
            message = self.client.get_iopub_msg(timeout=PATIENCE)
            if message["parent_header"].get("msg_id") == parent:
                return message

    def begun(self, code):
        """Executes code that tells "begun" before it loops."""
        parent = self.client.execute(f"console.log('begun'); {code}")
        while self.next_of(parent)["msg_type"] != "stream":
            pass
        return parent

    def reply(self, parent):
        while True:
            message = self.client.get_shell_msg(timeout=PATIENCE)
            if message["parent_header"].get("msg_id") == parent:
                return message["content"]

    def run_code(self, code):
        """Executes to the end: the reply, and what was published."""
        parent = self.client.execute(code)
        told = []
        while True:
            message = self.next_of(parent)
            if message["msg_type"] == "status":
                if message["content"]["execution_state"] == "idle":
                    return self.reply(parent), told
            elif message["msg_type"] != "execute_input":
                told.append(message)

    def value(self, code):
        reply, told = self.run_code(code)
        self.assertEqual(reply["status"], "ok", reply)
        return told[-1]["content"]["data"]["text/plain"]

    @staticmethod
    def printed(told, name):
        return "".join(
            message["content"]["text"]
            for message in told
            if message["msg_type"] == "stream" and message["content"]["name"] == name
        )

    def assert_answers(self):
        """Heartbeat and kernel_info are answered, whatever runs."""
        self.assertTrue(self.client.hb_channel.is_beating())
        self.assertEqual(self.reply(self.client.kernel_info())["status"], "ok")

    def test_ten_thousand_small_messages_in_order(self):
        _, told = self.run_code("for (let i = 0; i < 10000; i++) console.log('line', i)")
        self.assertEqual(self.printed(told, "stdout"), "".join(f"line {i}\n" for i in range(10000)))

    def test_streams_alternate_in_order(self):
        _, told = self.run_code(
            "for (let i = 0; i < 500; i++) i % 2 ? console.error(i) : console.log(i)"
        )
        lines = [line for message in told for line in message["content"]["text"].splitlines()]
        self.assertEqual(lines, [str(i) for i in range(500)])

    def test_ten_megabytes_of_output_are_shown_in_part_and_whole_in_a_file(self):
        reply, told = self.run_code("for (let i = 0; i < 10000; i++) console.log('x'.repeat(1048))")
        self.assertEqual(reply["status"], "ok")
        whole = ("x" * 1048 + "\n") * 10000
        shown = self.printed(told, "stdout").rstrip("\n")
        self.assertTrue(whole.startswith(shown) and len(shown) > 1_000_000)
        with open(re.search(r"the full log is in (.*)\n", self.printed(told, "stderr"))[1]) as log:
            self.assertEqual(log.read(), whole)

    def test_ten_megabytes_of_display_are_whole(self):
        _, told = self.run_code("display({'text/html': 'ab'.repeat(5 * 2 ** 20)}, {raw: true}); 0")
        html = told[0]["content"]["data"]["text/html"]
        self.assertEqual(html, "ab" * (5 * 2**20))

    def test_a_hundred_comms_with_buffers_both_ways(self):
        self.run_code(
            "comm.register('echo', (c) => c.onMessage(({data, buffers}) => c.send(data, {buffers})))"
        )
        count, words = 100, 5
        buffers = {
            (i, n): bytes([i, n]) * (10_000 + 13 * i + n) for i in range(count) for n in range(words)
        }
        shell, session = self.client.shell_channel, self.client.session

        def say(kind, content, sent=None):
            shell.socket.send_multipart(
                session.serialize(session.msg(kind, content)) + (sent or [])
            )

        for i in range(count):
            say("comm_open", {"comm_id": f"c{i}", "target_name": "echo", "data": {}})
        for n in range(words):
            for i in range(count):
                say("comm_msg", {"comm_id": f"c{i}", "data": {"n": n}}, [buffers[i, n]])
        self.assert_answers()
        heard = {i: [] for i in range(count)}
        while sum(map(len, heard.values())) < count * words:
            message = self.client.get_iopub_msg(timeout=PATIENCE)
            if message["msg_type"] != "comm_msg":
                continue
            i, n = int(message["content"]["comm_id"][1:]), message["content"]["data"]["n"]
            self.assertEqual(bytes(message["buffers"][0]), buffers[i, n])
            heard[i].append(n)
        self.assertEqual(heard, {i: list(range(words)) for i in range(count)})
        info = self.reply(self.client.comm_info("echo"))["comms"]
        self.assertEqual(len(info), count)

    def test_a_loop_delays_nothing_and_is_interrupted_again_and_again(self):
        self.run_code("var kept = [1, 2]")
        for _ in range(ROUNDS):
            for loop in ["for (;;);", "for (;;) console.log('flood');", "await new Promise(() => {})"]:
                parent = self.begun(loop)
                self.assert_answers()
                self.manager.interrupt_kernel()
                self.assertEqual(self.reply(parent)["ename"], "KeyboardInterrupt")
                self.assertEqual(self.value("kept"), "[ 1, 2 ]")

    def test_a_restart_ends_what_runs_and_leaves_no_process(self):
        for _ in range(ROUNDS):
            executor = int(self.value("process.pid"))
            self.begun("for (;;);")
            self.manager.restart_kernel(now=True)
            self.client.wait_for_ready(timeout=PATIENCE)
            until(lambda: not lives(executor), "the end of the executor")
            self.assertEqual(self.value("typeof kept"), "'undefined'")

    def test_the_executors_death_is_named_and_the_next_execution_works(self):
        for loop in ["for (;;);", "await new Promise(() => {})"]:
            executor = int(self.value("process.pid"))
            parent = self.begun(loop)
            os.kill(executor, signal.SIGKILL)
            reply = self.reply(parent)
            self.assertEqual(reply["ename"], "KernelDied", reply)
            self.assertIn("SIGKILL", reply["evalue"])
            self.assertNotEqual(int(self.value("process.pid")), executor)

    def test_kill_9_of_the_kernel_leaves_no_process(self):
        for loop in ["for (;;);", "await new Promise(() => {})", "for (;;) console.log('flood');"]:
            executor = int(self.value("process.pid"))
            self.begun(loop)
            os.kill(self.manager.provisioner.pid, signal.SIGKILL)
            until(lambda: not lives(executor), "the end of the executor")
            self.manager.restart_kernel(now=True)
            self.client.wait_for_ready(timeout=PATIENCE)
        self.assertEqual(self.value("1 + 1"), "2")

    def test_two_clients_hear_both_and_are_answered_each(self):
        # A session of its own: clients that share one are one client.
        other = BlockingKernelClient(connection_file=self.manager.connection_file)
        other.load_connection_file()
        self.connected(other)
        try:
            mine = self.client.execute("console.log('mine')")
            theirs = other.execute("console.log('theirs')")
            for client in (self.client, other):
                self.assertEqual(
                    self.texts_of([mine, theirs], client), {mine: "mine\n", theirs: "theirs\n"}
                )
            self.assertEqual(self.reply(mine)["status"], "ok")
            answered = other.get_shell_msg(timeout=PATIENCE)
            self.assertEqual(answered["parent_header"]["msg_id"], theirs)
            for client in (self.client, other):
                with self.assertRaises(queue.Empty):
                    client.get_shell_msg(timeout=0.2)
        finally:
            other.stop_channels()

    @staticmethod
    def texts_of(parents, client):
        """What requests printed, as a client heard it; whose request comes first is nobody's word."""
        texts = {}
        while len(texts) < len(parents):
            message = client.get_iopub_msg(timeout=PATIENCE)
            parent = message["parent_header"].get("msg_id")
            if message["msg_type"] == "stream" and parent in parents:
                texts[parent] = message["content"]["text"]
        return texts


if __name__ == "__main__":
    unittest.main(verbosity=2)
