"""One tab of a browser: going to places, waiting, looking, typing, pictures, what was asked for."""
import base64
import contextlib
import json

from localnet import Failure, wait_until

from .chromium import COMMAND

PATIENCE = 60
PAUSE = 0.05
# What is about the machine of the test and not about the page.
UNTOLD = ("ERR_CONNECTION", "ERR_EMPTY_RESPONSE", "ERR_SOCKET", "ERR_NAME", "ERR_INTERNET",
          "ERR_NETWORK", "ERR_INCOMPLETE", "WebSocket connection", "status of 503",
          "status of 404", "ERR_ABORTED", "ERR_INVALID_HTTP_RESPONSE", "ERR_FAILED",
          # Said of every answer to plain http from another machine, which the page refuses.
          "Cross-Origin-Opener-Policy header has been ignored")


class Tab:
    """A tab; every method makes it the one that the browser is driven in."""

    def __init__(self, driver, handle=None):
        self.driver = driver
        self.handle = driver.shown = handle or driver.current_window_handle
        self.is_closed = False
        self.requests = []
        self.complaints = []

    # Where it is.

    def focus(self):
        if self.driver.shown != self.handle:
            self.driver.switch_to.window(self.handle)
            self.driver.shown = self.handle
        return self.driver

    def beside(self):
        """Another tab of the same browser."""
        driver = self.focus()
        driver.switch_to.new_window("tab")
        return Tab(driver)

    def go(self, address):
        """Opens an address anew, also one that differs in its fragment only."""
        self.focus().get("about:blank")
        self.driver.get(address)
        return self

    def reload(self):
        self.focus().refresh()

    def command(self, name, **parameters):
        """A command of the DevTools protocol."""
        answer = self.focus().execute(COMMAND, {"cmd": name, "params": parameters})
        return answer["value"]

    def before_scripts(self, source):
        """Has a script run in each page before any of the page's own."""
        return self.command("Page.addScriptToEvaluateOnNewDocument", source=source)["identifier"]

    def close(self):
        """Closes the tab, if it is still open."""
        with contextlib.suppress(Exception):
            self.focus().close()
        self.driver.shown = None
        self.is_closed = True

    # Looking.

    def run(self, script, *arguments):
        return self.focus().execute_script(script, *arguments)

    def run_async(self, body, *arguments):
        """What an asynchronous function answers; `values` are the arguments."""
        script = """const values = [...arguments], done = values.pop();
            (async () => { %s })().then((value) => done({ value }),
              (error) => done({ error: String(error.stack ?? error), rule: error.rule ?? null }));
            """ % body
        answer = self.focus().execute_async_script(script, *arguments)
        if "error" in answer:
            raise Failure("the page's code failed: %s" % answer["error"])
        return answer.get("value")

    def all(self, selector):
        return [part for part in self.focus().find_elements("css selector", selector)
                if part.is_displayed()]

    def wait(self, what, check, seconds=PATIENCE):
        """Waits for a condition; whatever it finds is given back."""
        from selenium.common.exceptions import StaleElementReferenceException
        from selenium.common.exceptions import NoSuchElementException, JavascriptException
        passing = (StaleElementReferenceException, NoSuchElementException, JavascriptException)

        def tried():
            try:
                return check() or None
            except passing:
                return None
        try:
            return wait_until(what, seconds, tried, PAUSE)
        except Failure as failure:
            raise Failure("%s; the page says: %s" % (failure, self.words()[:1_500])) from None

    def part(self, selector, seconds=PATIENCE):
        """The first element that is shown, once there is one."""
        return self.wait("“%s” is shown" % selector,
                         lambda: (self.all(selector) or [None])[0], seconds)

    def gone(self, selector):
        self.wait("“%s” is gone" % selector, lambda: not self.all(selector))

    def text(self, selector):
        return self.part(selector).text

    def words(self):
        """All that the page says now."""
        with contextlib.suppress(Exception):
            return self.run("return document.body.innerText")
        return ""

    def says(self, text, seconds=PATIENCE):
        self.wait("the page says “%s”" % text, lambda: text in self.words(), seconds)

    # Acting.

    def press(self, selector, label=None):
        """Clicks what is shown, also where the page is drawn anew meanwhile."""
        from selenium.common.exceptions import WebDriverException

        def pressed():
            for part in self.all(selector):
                if label is None or label in (part.text or part.get_attribute("aria-label") or ""):
                    try:
                        part.click()
                    except WebDriverException:
                        return False
                    return True
            return False
        self.wait("“%s” %s can be pressed" % (selector, label or ""), pressed)

    def fill(self, selector, text):
        """Puts a text into a field, as pasting does: typing letter by letter is slow."""
        self.run("""const [field, text] = arguments; field.focus(); field.select?.();
            document.execCommand('insertText', false, text);""", self.part(selector), text)

    def keys(self, *keys):
        from selenium.webdriver import ActionChains
        ActionChains(self.focus()).send_keys(*keys).perform()

    # How it looks.

    def size(self, width, dark=False):
        height = 844 if width < 500 else 800
        self.command("Emulation.setDeviceMetricsOverride", width=width, height=height,
                     screenWidth=width, screenHeight=height, deviceScaleFactor=1,
                     mobile=width < 500)
        self.command("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"},
            {"name": "prefers-reduced-motion", "value": "reduce"}])

    def picture(self, file):
        data = self.command("Page.captureScreenshot", format="png")["data"]
        file.write_bytes(base64.b64decode(data))

    # What it asked for and complained about.

    def listen(self):
        """Takes what the browser logged since the last time."""
        driver = self.focus()
        for line in driver.get_log("performance"):
            self.requests.append(json.loads(line["message"])["message"])
        self.complaints += [line["message"] for line in driver.get_log("browser")
                            if line["level"] == "SEVERE"]

    def need_no_complaint(self):
        """A failure when the browser reported an error of the page or a breach of its policy."""
        self.listen()
        found = [text for text in self.complaints if not any(word in text for word in UNTOLD)]
        self.complaints = []
        if found:
            raise Failure("the browser complains: %s" % found[:3])
