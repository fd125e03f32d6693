"""Chromium without a screen, driven by chromedriver: its processes and nothing about pages.

One chromedriver serves all browsers of a run. It dies with the script, and each browser with it,
however the script ends; profiles and whatever else they write lie in the folder given.
"""
import os
import pathlib
import re
import shutil
import signal
import subprocess

import localnet
from localnet import Failure, wait_until

PATIENCE = 30
COMMAND = "executeCdpCommand"
FLAGS = [
    "--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu",
    "--hide-scrollbars", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-default-apps",
    "--disable-renderer-backgrounding", "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows", "--lang=en-US",
]
WRAPPER = """#!/bin/sh
exec setpriv --pdeathsig KILL %s "$@"
"""


def missing():
    """What is not installed of what the tests need, as a sentence; nothing when all is there."""
    absent = [name for name in ("chromium", "chromedriver", "setpriv") if not shutil.which(name)]
    try:
        import selenium  # noqa: F401
    except ImportError:
        absent.append("selenium for Python")
    return "%s missing: scripts/setup --browser-tests" % ", ".join(absent) if absent else None


class Chromium:
    """A chromedriver and the browsers that were started through it."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.sessions = []
        self.count = 0
        self.wrapper = self.folder / "chromium"
        self.wrapper.write_text(WRAPPER % shutil.which("chromium"))
        self.wrapper.chmod(0o755)
        temporary = self.folder / "tmp"
        temporary.mkdir()
        self.log = self.folder / "chromedriver.log"
        with open(self.log, "wb") as log:
            self.process = localnet.start_tool(
                [shutil.which("chromedriver"), "--port=0"], stdin=subprocess.DEVNULL, stdout=log,
                stderr=subprocess.STDOUT, start_new_session=True,
                env=dict(os.environ, TMPDIR=str(temporary), HOME=str(self.folder)))
        self.url = "http://127.0.0.1:%d" % wait_until(
            "chromedriver said its port", PATIENCE, self.port, 0.02)

    def port(self):
        if self.process.poll() is not None:
            raise Failure("chromedriver ended: %s" % self.log.read_text()[-500:])
        found = re.search(r"started successfully on port (\d+)", self.log.read_text())
        return int(found.group(1)) if found else None

    def start(self, profile=None, arguments=()):
        """Starts a browser; with the name of a profile that was used before, on what it kept."""
        from selenium.webdriver import ChromeOptions, Remote
        from selenium.webdriver.remote.file_detector import UselessFileDetector
        from selenium.webdriver.remote.remote_connection import RemoteConnection

        self.count += 1
        options = ChromeOptions()
        options.binary_location = str(self.wrapper)
        data = self.folder / (profile or "profile-%d" % self.count)
        for flag in [*FLAGS, "--user-data-dir=%s" % data, *arguments]:
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        options.set_capability("unhandledPromptBehavior", "ignore")
        driver = Remote(RemoteConnection(self.url, keep_alive=True), options=options)
        driver.command_executor._commands[COMMAND] = ("POST", "/session/$sessionId/goog/cdp/execute")
        # Files are on this machine: chromedriver is not asked to carry them.
        driver.file_detector = UselessFileDetector()
        driver.set_script_timeout(PATIENCE * 4)
        driver.set_page_load_timeout(PATIENCE * 4)
        self.sessions.append(driver)
        return driver

    def end(self, driver):
        """Ends one browser in good order, so that its profile is whole on disk."""
        if driver in self.sessions:
            self.sessions.remove(driver)
            driver.quit()

    def close(self):
        """Ends all that was started, in good order where it still answers."""
        for driver in self.sessions:
            try:
                driver.quit()
            except Exception:
                # The session is gone; its processes are ended below.
                continue
        self.sessions = []
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()
