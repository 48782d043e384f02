"""A report in a real Chromium, opened from a file, and what a user does with it. Ends the program that
imports it with 77 where there is no Chromium to be had."""
import json
import os
import subprocess
import sys
import tempfile
import unittest

CHROMIUM, DRIVER = "/usr/bin/chromium", "/usr/bin/chromedriver"

try:
    from selenium import webdriver
    from selenium.webdriver.common.action_chains import ActionChains
    from selenium.webdriver.common.by import By
    from selenium.webdriver.chrome.service import Service
    from selenium.webdriver.support.ui import WebDriverWait
except ImportError:
    print("skipped: no python3-selenium")
    sys.exit(77)
if not (os.path.exists(CHROMIUM) and os.path.exists(DRIVER)):
    print("skipped: no chromium or no chromium-driver")
    sys.exit(77)


def start(folder):
    options = webdriver.ChromeOptions()
    for word in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                 "--disable-background-networking", "--disable-component-update", "--disable-sync",
                 "--disable-dev-shm-usage", "--window-size=1280,1400", "--force-device-scale-factor=1",
                 "--user-data-dir=" + os.path.join(folder, "profile")):
        options.add_argument(word)
    options.binary_location = CHROMIUM
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    return webdriver.Chrome(service=Service(DRIVER), options=options)


class Browser(unittest.TestCase):
    maker = None  # the program that makes reports of sweeps that never were

    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.TemporaryDirectory()
        cls.driver = start(cls.scratch.name)

    @classmethod
    def tearDownClass(cls):
        cls.driver.quit()
        cls.scratch.cleanup()

    def open(self, kind, fragment=""):
        path = os.path.join(self.scratch.name, kind + ".html")
        if not os.path.exists(path):
            subprocess.run([self.maker, kind, path], check=True)
        self.driver.get("about:blank")
        for log in ("browser", "performance"):
            self.driver.get_log(log)
        self.address = "file://" + path + fragment
        self.driver.get(self.address)
        self.until("return document.body.dataset.ready === '1'")
        self.settle()

    def js(self, text, *values):
        return self.driver.execute_script(text, *values)

    def until(self, condition, *values):
        WebDriverWait(self.driver, 20, 0.02).until(lambda d: d.execute_script(condition, *values))

    def settle(self):
        """Two frames later everything that was asked for is drawn."""
        self.driver.execute_async_script(
            "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => done()))")

    def one(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def left(self):
        return int(self.one("#left").text.split()[0])

    def series(self, view, at=0):
        """Name and number of data of each series of a chart."""
        return self.js("""const chart = echarts.getInstanceByDom(document.querySelectorAll('#' + arguments[0] + ' .chart')[arguments[1]]);
            return Object.fromEntries(chart.getOption().series.map((s) => [s.name, s.data.length]))""", view, at)

    def said(self):
        return [entry for entry in self.driver.get_log("browser")]

    def requests(self):
        sent = []
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                sent.append(message["params"]["request"]["url"])
        return [url for url in sent if not url.startswith("data:")]

    def press(self, *keys):
        ActionChains(self.driver).send_keys(*keys).perform()
        self.settle()

    def drag_on_axis(self, axis, low, high):
        """With the mouse along a parallel axis, from and to shares of its length from the bottom."""
        chart = self.one("#parallel .chart")
        self.js("arguments[0].scrollIntoView({block: 'center'})", chart)
        x, bottom, top = self.js("""const chart = echarts.getInstanceByDom(arguments[0]);
            const area = chart.getModel().getComponent('parallel').coordinateSystem;
            const at = area.getAxisLayout(area.dimensions[arguments[1]]);
            const extent = area.getAxis(area.dimensions[arguments[1]]).getExtent();
            return [at.position[0], at.position[1] - Math.min(...extent), at.position[1] - Math.max(...extent)]""", chart, axis)
        box = chart.rect
        place = lambda share: (int(x - box["width"] / 2), int(bottom + (top - bottom) * share - box["height"] / 2))
        (ActionChains(self.driver, duration=50).move_to_element_with_offset(chart, *place(low)).click_and_hold()
         .move_to_element_with_offset(chart, *place((low + high) / 2)).move_to_element_with_offset(chart, *place(high))
         .release().perform())
        self.settle()
