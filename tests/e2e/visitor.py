"""A person before a browser, and what every page they see must hold to."""

import re
import time
from contextlib import closing
from hashlib import sha256
from typing import ClassVar

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Response
from playwright.sync_api import TimeoutError as NothingCame

NARROWEST, PHONE, DESKTOP = 320, 360, 1280
PATIENCE = 120  # seconds the worker has for a document, beside other tests
WAGTAILS_OWN = re.compile(r"^/bien-tap/(?!cong-khai/)")  # the editors' admin, but for the portal's pages in it
# Wagtail keeps what is being written every other second; what is half written it answers with a 400.
KEPT_MEANWHILE = re.compile(r"/bien-tap/pages/(?:\d+/edit|add/[a-z/]+/\d+)/$")
# What makes two answers differ that show the same.
OF_THE_MOMENT = re.compile(r"""(?<=csrfmiddlewaretoken" value=")\w+|(?<=nonce=")[^"]+""")
CHANGING = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|(?<=/xac-thuc/)[\w-]{16,32}|\?.*")


class Visitor:
    """Opens pages, fills in, presses; each new page is looked at by axe, on a phone and on a desktop.

    An answer of 400 and above, an error in the console (a breach of the content security policy is
    one), a page wider than the narrowest phone: each ends the journey. How Wagtail's own pages are
    built is Wagtail's; there errors alone end it.
    """

    _found_right: ClassVar[set[bytes]] = set()  # in this run, whoever looked: the sign-in page is one for all

    def __init__(self, browser: Browser, url: str, *, width: int, script: bool) -> None:
        self.url, self.width, self.script = url, width, script
        self._browser = browser
        self.context = self._new_context(script=script)
        self.wrong: list[str] = []
        self._looked_at: set[tuple[str, str]] = set()
        self.page = self._watched(self.context.new_page())

    def leave(self) -> None:
        self.context.close()

    def _new_context(self, *, script: bool) -> BrowserContext:
        return self._browser.new_context(
            base_url=self.url,
            viewport={"width": self.width, "height": 800},
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            java_script_enabled=script,
        )

    # --- Moving about ----------------------------------------------------------------------------
    def open(self, address: str) -> None:
        self.page.goto(address)
        self.look()

    def follow(self, name: str, *, within: Locator | None = None) -> None:
        self._leads_on((within or self.page.locator("main")).get_by_role("link", name=name, exact=True))

    def press(self, name: str) -> None:
        self._leads_on(self.page.locator("main").get_by_role("button", name=name, exact=True))

    def _leads_on(self, control: Locator) -> None:
        """Chromium may lose a press beside a PDF viewer that is just starting: as people do, press again.

        The portal does nothing twice for it: the page lets one press through, and the server as well.
        """
        for again in (True, True, False):
            try:
                with self.page.expect_navigation():
                    control.click()
                break
            except NothingCame:
                if not again:
                    raise
        self.look()

    # --- Filling in ------------------------------------------------------------------------------
    def fill(self, label: str, text: str, *, of: str = "") -> None:
        self.field(label, of=of).fill(text)

    def pick(self, label: str, choice: str, *, of: str = "") -> None:
        self.field(label, of=of).select_option(choice)

    def choose(self, question: str, answer: str) -> None:
        self.group(question).get_by_role("radio", name=answer, exact=True).check()

    def tick(self, label: str) -> None:
        self.page.get_by_role("checkbox", name=label).check()

    def fill_date(self, label: str, day: str, *, of: str = "") -> None:
        """`day` as people write it: 5/3/1990."""
        place = (self.group(of) if of else self.page).get_by_role("group", name=label)
        for part, digits in zip(("Ngày", "Tháng", "Năm"), day.split("/"), strict=True):
            place.get_by_label(part, exact=True).fill(digits)

    def upload(self, label: str, *files: dict) -> None:
        """Choose files; without script the button beside must be pressed as well."""
        place = self.page.locator(".file-upload").filter(has=self.page.get_by_text(label))
        if self.script and place.locator("[data-upload-on-choose]").count():
            with self.page.expect_navigation():
                place.locator("input[type=file]").set_input_files(list(files))
        else:
            place.locator("input[type=file]").set_input_files(list(files))
            with self.page.expect_navigation():
                place.get_by_role("button", name=re.compile("^Tải lên")).click()
        self.look()

    def field(self, label: str, *, of: str = "") -> Locator:
        return (
            (self.group(of) if of else self.page).get_by_label(label).and_(self.page.locator("input, select, textarea"))
        )

    def group(self, name: str) -> Locator:
        return self.page.get_by_role("group", name=name)

    # --- Reading ---------------------------------------------------------------------------------
    @property
    def heading(self) -> str:
        return self.page.locator("h1").inner_text()

    @property
    def text(self) -> str:
        """What stands on the page, without the frame around it."""
        return self.page.locator("main").inner_text()

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.url)

    def wait_for(self, sought: Locator, *, patience: float = PATIENCE) -> Locator:
        """Look again until it is there, as the page itself advises."""
        deadline = time.monotonic() + patience
        while not sought.count():
            assert time.monotonic() < deadline, self.text
            time.sleep(0.5)
            self.page.reload()
        self.look()
        return sought

    def download(self, link: Locator) -> bytes:
        with self.page.expect_download() as coming:
            link.click()
        return coming.value.path().read_bytes()

    # --- Accounts --------------------------------------------------------------------------------
    def sign_in(self, login: str, password: str) -> None:
        self.open("/tai-khoan/login/")
        self.fill("Số điện thoại hoặc thư điện tử", login)
        self.page.locator("input[type=password]").fill(password)
        self.press("Đăng nhập")

    def read_code(self, recipient: str) -> str:
        """The code in the newest message to this contact, read in another tab as on the phone."""
        tab = self._watched(self.context.new_page())
        tab.goto(f"/hop-thu-thu/?q={recipient}")
        message = tab.locator(".inbox__notice").first.inner_text()
        tab.close()
        return re.search(r"\b\d{6}\b", message)[0]

    # --- What every page holds to ----------------------------------------------------------------
    def look(self) -> None:
        page = self.page
        page.wait_for_load_state("load")
        assert self.wrong == [], page.url
        seen = (CHANGING.sub("", page.url), page.title())
        if seen in self._looked_at or WAGTAILS_OWN.match(self.path):
            return
        self._looked_at.add(seen)
        html = page.content()
        digest = sha256(f"{self.script} {OF_THE_MOMENT.sub('', html)}".encode()).digest()
        if digest in self._found_right:
            return
        if self.script:
            _examine(page)
            page.set_viewport_size({"width": self.width, "height": 800})
        else:
            self._examine_beside(html)
        self._found_right.add(digest)

    def _examine_beside(self, html: str) -> None:
        page = self.page
        # axe is a script itself: it is given the same page, without the page's own scripts.
        with closing(self._new_context(script=True)) as beside:
            beside.add_cookies(self.context.cookies())
            copy = beside.new_page()
            bare = re.sub(r"<script\b.*?</script>", "", html, flags=re.DOTALL)
            copy.route(page.url, lambda route: route.fulfill(body=bare, content_type="text/html; charset=utf-8"))
            copy.goto(page.url)
            _examine(copy)

    def _watched(self, page: Page) -> Page:
        page.on("response", self._judge)
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        return page

    def _hear(self, said: ConsoleMessage) -> None:
        if said.type == "error" and not ("400" in said.text and KEPT_MEANWHILE.search(said.location["url"])):
            self.wrong.append(said.text)

    def _judge(self, response: Response) -> None:
        if response.status >= 400 and not (response.status == 400 and KEPT_MEANWHILE.search(response.url)):
            self.wrong.append(f"{response.status} {response.url}")


def _examine(page: Page) -> None:
    for width in (NARROWEST, PHONE, DESKTOP):
        page.set_viewport_size({"width": width, "height": 800})
        reaches = page.evaluate("document.documentElement.scrollWidth")
        assert reaches <= width, f"{page.url} is {reaches} pixels wide on {width}"
        if width != NARROWEST:
            # The browser's own PDF viewer in a frame is not ours to judge.
            found = Axe().run(page, options={"iframes": False}).response["violations"]
            told = [(each["id"], [node["html"] for node in each["nodes"]]) for each in found]
            assert told == [], f"{page.url} on {width}: {told}"
