"""A program on a terminal of its own, as somebody sees it who sits there."""
import contextlib
import fcntl
import os
import pty
import re
import struct
import subprocess
import termios
import threading

from localnet import Failure, wait_until

ROWS, COLUMNS = 40, 140
# What moves the cursor, colors and clears; what is left is what was written.
CONTROL = re.compile(r"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b\[[0-?]*[ -/]*[@-~]|\x1b[@-_=>78]|[\x00-\x08\x0e-\x1f]")


class Screen:
    """Runs a program on a pseudoterminal and reads what it shows."""

    def __init__(self, program, arguments):
        own, its = pty.openpty()
        fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        self.own = own
        self.data = b""
        self.process = program.start(arguments, stdin=its, stdout=its, stderr=subprocess.STDOUT)
        os.close(its)
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        # The end of the program ends the terminal with an error.
        with contextlib.suppress(OSError):
            while True:
                data = os.read(self.own, 65_536)
                if not data:
                    return
                self.data += data

    @property
    def text(self):
        """All that was written so far, without what steers the terminal."""
        return CONTROL.sub("", self.data.decode(errors="replace"))

    def shows(self, text, seconds=60):
        def check():
            if text in self.text:
                return True
            if self.process.poll() is not None:
                raise Failure("the terminal ended: %s" % self.text[-1_000:])
            return None
        try:
            wait_until("the terminal shows “%s”" % text, seconds, check, 0.05)
        except Failure as failure:
            raise Failure("%s; it says: %s" % (failure, self.text[-1_500:])) from None

    def type(self, text):
        os.write(self.own, text.encode())

    def leave(self, seconds=60):
        """Leaves with Ctrl-D; a failure when the program does not end well."""
        self.type("\x04")
        try:
            status = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise Failure("the terminal goes on after Ctrl-D: %s" % self.text[-1_000:]) from None
        if status != 0:
            raise Failure("the terminal ended with status %d: %s" % (status, self.text[-1_000:]))

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.reader.join()
        os.close(self.own)
