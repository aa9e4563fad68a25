"""Every screen, on a phone and on a desktop: `python -m docs.screenshots` (make screenshots).

Starts the portal with the demo data in a folder that is thrown away, signs in as each role and writes
docs/screenshots/<name>-{phone,desktop}.png. With an address as its argument it looks at a portal that
runs already. Pictures are palette PNGs, so that all of them stay small enough for the repository.
"""

import os
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests import live

FOLDER = live.ROOT / "docs" / "screenshots"
WIDTHS = {"phone": 360, "desktop": 1280}
HEIGHT = 960
TALLEST = 2600  # pixels; what is longer is cut: a picture shows a screen, it does not replace it
COLOURS = 64
PASSWORD = "xin-chao-2026"  # noqa: S105 - the demo's, printed by `make run`
READY_WITHIN = 600  # seconds the worker has for some fifty documents

MARITAL, BIRTH, MARRIAGE = "Cấp Giấy xác nhận tình trạng hôn nhân", "Đăng ký khai sinh", "Đăng ký kết hôn"
VISITOR, RESIDENT, SECOND_RESIDENT, THIRD_RESIDENT = "", "cong-dan", "cong-dan-2", "cong-dan-3"
CLERK, SPECIALIST, LEADER, EDITOR = "mot-cua", "tu-phap", "chu-tich", "bien-tap"
CULTURE_OFFICER, POLICE_HEAD, MANAGER = "van-hoa", "truong-cong-an", "toa-nha"
BUILDING_HEAD, HOUSE = "truong-bql", "/quan-ly-toa-nha/viet-hung/bang-lang"
AUTHOR, OPERATOR = "danh-muc@long-bien.example", "quan-tri@long-bien.example"

Way = Callable[[Page], object]


def to(address: str) -> Way:
    return lambda page: page.goto(address)


def way(address: str, *steps: Way) -> Way:
    """Open an address, then go on from there."""

    def go(page: Page) -> None:
        page.goto(address)
        for step in steps:
            step(page)

    return go


def follow(name: str, *, within: str = "main") -> Way:
    def go(page: Page) -> None:
        with page.expect_navigation():
            page.locator(within).get_by_role("link", name=name).first.click()

    return go


def press(name: str) -> Way:
    def go(page: Page) -> None:
        with page.expect_navigation():
            page.locator("main").get_by_role("button", name=name, exact=True).first.click()

    return go


def fill(label: str, text: str) -> Way:
    return lambda page: page.get_by_label(label, exact=True).first.fill(text)


def choose(answer: str) -> Way:
    return lambda page: page.get_by_role("radio", name=answer).check()


def click(selector: str) -> Way:
    return lambda page: page.locator(selector).first.click()


def mine(name: str, state: str) -> Way:
    """The resident's dossier of this procedure in this state."""

    def go(page: Page) -> None:
        page.goto("/ho-so/")
        row = page.locator(".dossier-list__row").filter(has_text=name).filter(has_text=state)
        with page.expect_navigation():
            row.first.locator(".dossier-list__title a").click()

    return go


def work(state: str, step: Way | None = None, *, of: str = "toi") -> Way:
    """The officer's first dossier in this state that nothing stops, their own or the ward's, and a move on it."""

    def go(page: Page) -> None:
        page.goto(f"/mot-cua/?xem={of}")
        rows = page.locator(".work__row").filter(has_text=state, has_not_text="Quá hạn")
        with page.expect_navigation():
            rows.first.locator(".work__code").click()
        if step:
            step(page)

    return go


def page_of_draft(name: str, page_key: str) -> Way:
    def go(page: Page) -> None:
        mine(name, "Bản nháp")(page)
        page.goto(re.sub(r"(/ho-so/[^/]+/).*", rf"\1{page_key}/", page.url))

    return go


def checked_document(page: Page) -> None:
    mine(MARITAL, "Đã trả kết quả")(page)
    page.goto(page.locator(".document-row__verify").last.get_attribute("href"))


def looked_up(page: Page) -> None:
    mine(MARITAL, "Đã trả kết quả")(page)
    code, secret = page.locator(".aside p").all_inner_texts()[:2]
    page.goto("/tra-cuu/")
    page.get_by_label("Mã hồ sơ").fill(code)
    page.get_by_label("Mã tra cứu").fill(secret)
    press("Tra cứu")(page)


def conversation(page: Page) -> None:
    mine(MARITAL, "Đang xử lý")(page)
    follow("Xem trao đổi")(page)


def complaint(page: Page) -> None:
    page.goto("/mot-cua/phan-anh/")
    with page.expect_navigation():
        page.locator(".work__code").first.click()


def answering(page: Page) -> None:
    """From the list of a building to the form that says it is done: what a manager does in a lobby."""
    page.goto(f"{HOUSE}/yeu-cau/?xem=moi")
    with page.expect_navigation():
        page.locator(".work__code").first.click()
    follow("Báo đã làm xong")(page)


def rating(page: Page) -> None:
    mine(MARITAL, "Đã trả kết quả")(page)
    follow("Đánh giá")(page)


# Who, the name of the picture, and how to get there. Nothing here sends anything.
SCREENS: tuple[tuple[str, str, Way], ...] = (
    (VISITOR, "front-page", to("/")),
    (VISITOR, "ward", to("/viet-hung/")),
    (VISITOR, "announcements", to("/viet-hung/thong-bao/")),
    (VISITOR, "announcement", way("/viet-hung/thong-bao/", follow("Tiêm vắc xin"))),
    (VISITOR, "announcement-event", way("/viet-hung/thong-bao/?loai=tiep-cong-dan", follow("tiếp công dân"))),
    (VISITOR, "announcements-archive", to("/viet-hung/thong-bao/luu-tru/")),
    (VISITOR, "ward-in-english", to("/en/viet-hung/")),
    (VISITOR, "subscribe", to("/theo-doi/viet-hung/")),
    (VISITOR, "search", to("/tim-kiem/?q=dang+ky+khai+sinh")),
    (VISITOR, "services", to("/viet-hung/dich-vu/")),
    (VISITOR, "procedure", to("/viet-hung/dich-vu/xac-nhan-tinh-trang-hon-nhan/")),
    (VISITOR, "procedure-level-3", to("/viet-hung/dich-vu/dang-ky-ket-hon/")),
    (VISITOR, "choose-ward", to("/chon-phuong/dang-ky-khai-sinh/")),
    (VISITOR, "sign-in", to("/tai-khoan/login/")),
    (VISITOR, "sign-in-refused", way("/tai-khoan/login/", press("Đăng nhập"))),
    (VISITOR, "sign-up", to("/tai-khoan/signup/")),
    (VISITOR, "reset-password", to("/tai-khoan/password/reset/")),
    (
        VISITOR,
        "enter-code",
        way(
            "/tai-khoan/password/reset/",
            fill("Số điện thoại hoặc thư điện tử", "0912 345 678"),
            press("Gửi mã xác nhận"),
        ),
    ),
    (VISITOR, "mailbox", to("/hop-thu-thu/")),
    (VISITOR, "look-up", to("/tra-cuu/")),
    (VISITOR, "building", to("/viet-hung/toa-nha/sen-hong/")),
    (VISITOR, "buildings-of-ward", to("/viet-hung/toa-nha/")),
    (BUILDING_HEAD, "building-desk", to(f"{HOUSE}/")),
    (BUILDING_HEAD, "building-work", to(f"{HOUSE}/yeu-cau/")),
    (BUILDING_HEAD, "building-columns", to(f"{HOUSE}/yeu-cau/bang/")),
    (BUILDING_HEAD, "building-late", way(f"{HOUSE}/yeu-cau/?xem=qua-han", click(".work__code"))),
    (BUILDING_HEAD, "building-monthly", to(f"{HOUSE}/bao-cao/")),
    (BUILDING_HEAD, "building-posters", to(f"{HOUSE}/bien-qr/")),
    (BUILDING_HEAD, "building-calendar", to(f"{HOUSE}/bao-tri/")),
    (BUILDING_HEAD, "building-checks", to(f"{HOUSE}/kiem-tra/")),
    (BUILDING_HEAD, "building-book", to(f"{HOUSE}/ho-so/")),
    (BUILDING_HEAD, "building-flats", to(f"{HOUSE}/so-can-ho/")),
    (BUILDING_HEAD, "building-import", to(f"{HOUSE}/so-can-ho/nhap/")),
    (BUILDING_HEAD, "building-places", to(f"{HOUSE}/noi-dung-chung/")),
    (BUILDING_HEAD, "building-board", to(f"{HOUSE}/ban-quan-tri/")),
    (BUILDING_HEAD, "building-operator", to(f"{HOUSE}/don-vi-van-hanh/")),
    (VISITOR, "check-document", to("/xac-thuc/")),
    (VISITOR, "not-found", to("/viet-hung/khong-co-trang-nay/")),
    (SECOND_RESIDENT, "look-up-result", looked_up),
    (SECOND_RESIDENT, "document-checked", checked_document),
    (RESIDENT, "flats", to("/can-ho/")),
    (RESIDENT, "flat-claim", to("/can-ho/20/nhan/")),
    (RESIDENT, "household", way("/can-ho/", click(".entry__title a"), follow("Người trong căn hộ"))),
    (MANAGER, "building-answer", answering),
    (MANAGER, "residents", to(f"{HOUSE}/cu-dan/")),
    (MANAGER, "residents-letters", to(f"{HOUSE}/cu-dan/thu/")),
    (VISITOR, "building-report-visitor", to("/viet-hung/toa-nha/bang-lang/bao/")),
    (MANAGER, "building-notices", to(f"{HOUSE}/thong-bao/")),
    (MANAGER, "owners-meetings", to(f"{HOUSE}/hoi-nghi/")),
    (RESIDENT, "my-building", to("/toa-nha-cua-toi/")),
    (RESIDENT, "building-requests", to("/yeu-cau/")),
    (RESIDENT, "building-report", to("/viet-hung/toa-nha/bang-lang/bao/")),
    (RESIDENT, "building-request", way("/yeu-cau/", follow("Thang máy số 2 rung và kêu to từ tầng 4 lên tầng 6."))),
    (RESIDENT, "building-request-done", way("/yeu-cau/", follow("Mất điện toàn bộ tầng 5, có mùi khét ở tủ điện."))),
    (RESIDENT, "start", to("/viet-hung/dich-vu/dang-ky-khai-sinh/nop/")),
    (RESIDENT, "form-person", page_of_draft(MARITAL, "nop/nguoi-yeu-cau")),
    (RESIDENT, "form-choice", page_of_draft(MARITAL, "nop/tinh-trang")),
    (
        RESIDENT,
        "form-mistakes",
        lambda page: (page_of_draft(MARITAL, "nop/muc-dich")(page), press("Lưu và tiếp tục")(page)),
    ),
    (
        RESIDENT,
        "form-group",
        lambda page: (page_of_draft(MARITAL, "nop/noi-cu-tru-cu")(page), choose("Có")(page)),
    ),
    (RESIDENT, "form-delivery", page_of_draft(MARITAL, "nop/nhan-ket-qua")),
    (RESIDENT, "form-papers", page_of_draft(BIRTH, "nop/giay-to")),
    (RESIDENT, "form-check", page_of_draft(MARITAL, "kiem-tra")),
    (RESIDENT, "my-dossiers", to("/ho-so/")),
    (
        RESIDENT,
        "confirmation",
        lambda page: (mine(MARITAL, "Chờ tiếp nhận")(page), follow("Xem lại trang xác nhận", within=".aside")(page)),
    ),
    (RESIDENT, "dossier-late", mine(MARITAL, "Đang xử lý")),
    (RESIDENT, "conversation", conversation),
    (RESIDENT, "dossier-withdrawn", mine("", "Công dân đã rút")),
    (RESIDENT, "notices", to("/thong-bao-cua-toi/")),
    (RESIDENT, "profile", to("/tai-khoan/ho-so/")),
    (RESIDENT, "profile-edit", to("/tai-khoan/ho-so/sua/")),
    (RESIDENT, "sessions", to("/tai-khoan/sessions/")),
    (RESIDENT, "second-factor", to("/tai-khoan/2fa/")),
    (SECOND_RESIDENT, "rating", rating),
    (SECOND_RESIDENT, "dossier-delivered", mine(MARITAL, "Đã trả kết quả")),
    (THIRD_RESIDENT, "dossier-supplement", mine(BIRTH, "Chờ công dân bổ sung")),
    (
        THIRD_RESIDENT,
        "supplement",
        lambda page: (mine(BIRTH, "Chờ công dân bổ sung")(page), follow("Bổ sung hồ sơ")(page)),
    ),
    (
        THIRD_RESIDENT,
        "supplement-item",
        lambda page: (
            mine(BIRTH, "Chờ công dân bổ sung")(page),
            follow("Bổ sung hồ sơ")(page),
            follow("Giấy chứng sinh")(page),
        ),
    ),
    (THIRD_RESIDENT, "dossier-refused", mine(MARITAL, "Không được tiếp nhận")),
    (CLERK, "desk", to("/mot-cua/")),
    (CLERK, "desk-ward", to("/mot-cua/?xem=phuong")),
    (CLERK, "desk-buildings", to("/mot-cua/toa-nha/")),
    (CLERK, "desk-building-notices", to("/mot-cua/thong-bao-toa-nha/")),
    (CLERK, "desk-nothing-found", to("/mot-cua/?q=khong+co")),
    (CLERK, "desk-dossier", work("Chờ tiếp nhận")),
    (CLERK, "desk-supplement", work("Chờ tiếp nhận", follow("Yêu cầu bổ sung"))),
    (CLERK, "desk-refuse", work("Chờ tiếp nhận", follow("Từ chối tiếp nhận"))),
    (CLERK, "desk-deliver", work("Đã có kết quả", follow("Trả kết quả"), of="phuong")),
    (SPECIALIST, "desk-specialist", to("/mot-cua/")),
    (SPECIALIST, "desk-findings", work("Đang xử lý", follow("Ghi kết quả thẩm định"))),
    (LEADER, "desk-sign", work("Đang xử lý", follow("Ký"))),
    (LEADER, "desk-sign-several", to("/mot-cua/ky/")),
    (LEADER, "desk-calendar", to("/mot-cua/lich-lam-viec/?thang=2026-09")),
    (LEADER, "desk-calendar-day", to("/mot-cua/lich-lam-viec/them/")),
    (LEADER, "desk-absences", to("/mot-cua/vang-mat/")),
    (LEADER, "desk-absence", to("/mot-cua/vang-mat/them/")),
    (LEADER, "complaints", to("/mot-cua/phan-anh/")),
    (LEADER, "desk-conversation", complaint),
    (LEADER, "ratings", to("/mot-cua/danh-gia/")),
    (LEADER, "desk-late", to("/mot-cua/qua-han/")),
    (LEADER, "desk-load", to("/mot-cua/lich-han/")),
    (POLICE_HEAD, "desk-police", to("/mot-cua/?xem=phuong")),
    (EDITOR, "editors-admin", to("/bien-tap/")),
    (EDITOR, "register-of-publicity", to("/bien-tap/cong-khai/")),
    (CULTURE_OFFICER, "editors-approvals", to("/bien-tap/")),
    (AUTHOR, "catalogue-admin", to("/bien-tap/snippets/catalogue/procedure/")),
    (AUTHOR, "holidays-admin", to("/bien-tap/ngay-nghi-le/")),
    (OPERATOR, "wards", to("/van-hanh/phuong/")),
    (OPERATOR, "ward-staff", to("/van-hanh/phuong/viet-hung/nhan-su/")),
)


def main(address: str = "") -> None:
    FOLDER.mkdir(exist_ok=True)
    wanted = set(os.environ.get("ONLY", "").split())
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=live.CHROMIUM, args=live.FLAGS)
        with at(address) if address else demo() as url:
            for login in dict.fromkeys(login for login, _name, _go in SCREENS):
                screens = [(name, go) for who, name, go in SCREENS if who == login and (not wanted or name in wanted)]
                if screens:
                    photograph(browser, url, login, screens)
        browser.close()
    total = sum(picture.stat().st_size for picture in FOLDER.glob("*.png"))
    print(f"{len(list(FOLDER.glob('*.png')))} pictures, {total / 1e6:.1f} MB, in {FOLDER.relative_to(live.ROOT)}")


@contextmanager
def at(address: str) -> Iterator[str]:
    yield address.rstrip("/")


@contextmanager
def demo() -> Iterator[str]:
    """The portal on a free port, once the worker has made all of its demo documents."""
    with tempfile.TemporaryDirectory(prefix="portal-screenshots-") as folder, live.running(Path(folder)) as url:
        wait_for_documents(Path(folder))
        yield url


def wait_for_documents(folder: Path) -> None:
    deadline = time.monotonic() + READY_WITHIN
    count = "from portal.core.models import Job; print('waiting:', Job.objects.filter(state='waiting').count())"
    while "waiting: 0" not in (said := live.manage(folder, "shell", "--no-imports", "-c", count)):
        if time.monotonic() > deadline:
            sys.exit(f"The worker has not caught up: {said.strip()}")
        time.sleep(2)


def photograph(browser: Browser, url: str, login: str, screens: list[tuple[str, Way]]) -> None:
    """Each screen at both widths, as one person sees it."""
    for device, width in WIDTHS.items():
        context = browser.new_context(
            base_url=url,
            viewport={"width": width, "height": HEIGHT},
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            reduced_motion="reduce",
        )
        context.set_default_timeout(20_000)
        page = signed_in(context, login)
        for name, go in screens:
            try:
                go(page)
                page.wait_for_load_state("networkidle")  # pictures that load late as well
                framed = page.locator("iframe").first.is_visible()
                if framed:  # the browser's PDF viewer paints only what is in view, and takes its time
                    page.wait_for_timeout(4000)
                store(page.screenshot(full_page=not framed), FOLDER / f"{name}-{device}.png")
            except Exception as error:  # noqa: BLE001 - the other pictures are wanted all the same
                print(f"{name} ({device}): {str(error).splitlines()[0]}", file=sys.stderr)
        context.close()


def signed_in(context: BrowserContext, login: str) -> Page:
    page = context.new_page()
    if login:
        page.goto("/tai-khoan/login/")
        page.locator("input[name=login]").fill(login if "@" in login else f"{login}@viet-hung.example")
        page.locator("input[type=password]").fill(PASSWORD)
        press("Đăng nhập")(page)
    return page


def store(content: bytes, path: Path) -> None:
    picture = Image.open(BytesIO(content)).convert("RGB")
    if picture.height > TALLEST:
        picture = picture.crop((0, 0, picture.width, TALLEST))
    picture.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(path, optimize=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
